import { applyFixes, type Finding, type LintOptions, lint } from './lint.js';

/** The alerts that the source lesson proposes, as facts: what they compare, not how it is explained. */
export const SOURCE_ALERTS = [
  { name: 'HighQueryLatency', expr: 'histogram_quantile(0.95, rate(rag_query_latency_seconds_bucket[5m])) > 2' },
  { name: 'HighErrorRate', expr: 'rate(rag_requests_total{status="error"}[5m]) / rate(rag_requests_total[5m]) > 0.05' },
  { name: 'LowCacheHitRate', expr: 'rag_cache_hit_rate < 0.30' },
  { name: 'HighCostBurn', expr: 'sum(rate(rag_total_cost_usd[1h])) * 24 > 100' },
  { name: 'RateLimitWarning', expr: 'rag_rate_limit_remaining < 100' },
] as const;

/** An alert that does not do what its name says, as a row of a table. */
export interface Mistake {
  alert: string;
  severity: Finding['severity'];
  wrong: string;
  gives: string;
  /** The expression with every correction that can be derived, else what to do. */
  better: string;
}

const joined = (findings: Finding[], key: 'wrong' | 'gives' | 'fix') => findings.map((one) => one[key]).join('; ');

/** The alerts with mistakes, each with what is wrong and what it gives; one without is left out. */
export function findMistakes(alerts: readonly { name: string; expr: string }[], options: LintOptions = {}): Mistake[] {
  return alerts.flatMap(({ name, expr }) => {
    const findings = lint(expr, { ...options, isAlert: true });
    const [first] = findings;
    if (!first) return [];
    // What an error spoils is not worth a warning.
    const shown = findings.filter(({ severity }) => severity === first.severity);
    const better = applyFixes(expr, { ...options, isAlert: true }) ?? joined(shown, 'fix');
    return [
      { alert: name, severity: first.severity, wrong: joined(shown, 'wrong'), gives: joined(shown, 'gives'), better },
    ];
  });
}

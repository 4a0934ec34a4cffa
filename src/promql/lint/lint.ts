/**
 * The linter and its command.
 *
 * In: files and queries.
 * Out: a report.
 * Must not know: running programs.
 *
 * @module
 */

import { catalogueMetrics, KnownMetrics } from '../analysis/known-metrics.js';
import {
  applyEdits,
  createQuery,
  type Edit,
  type LintContext,
  type Problem,
  type Recording,
  type Severity,
} from '../analysis/query.js';
import { rules } from '../rules/index.js';
import type { Span } from '../syntax/ast.js';
import { parse, positionAt } from '../syntax/parse.js';

export interface LintOptions {
  /** Default: the catalogue of m2_3_monitoring. */
  metrics?: KnownMetrics;
  /** Recording rules that may be asked for, by name. Default: none. */
  recordings?: ReadonlyMap<string, Recording>;
  /** What Prometheus adds to every series of a target. Default: job and instance. */
  targetLabels?: readonly string[];
  /** Default: 10, as in prometheus.yml. */
  scrapeIntervalSeconds?: number;
  /** Whether the expression is that of an alert. Default: false. */
  isAlert?: boolean;
}

/** A mistake in an expression. */
export interface Finding extends Span {
  /** In kebab-case, for example `self-ratio`; `syntax` for what is no PromQL. */
  rule: string;
  severity: Severity;
  /** From 1, within the expression. */
  line: number;
  column: number;
  wrong: string;
  /** What the query really gives. */
  gives: string;
  fix: string;
  /** Where it can be derived: what to change. */
  edits?: readonly Edit[];
  /** The expression with that changed. */
  better?: string;
}

const OURS = new KnownMetrics(catalogueMetrics);

export const DEFAULTS: LintContext = {
  metrics: OURS,
  recordings: new Map(),
  targetLabels: ['job', 'instance'],
  scrapeIntervalSeconds: 10,
  isAlert: false,
};

function toFinding(
  expr: string,
  rule: string,
  { at, severity, edits, wrong, gives, fix }: Problem,
  fallback: Severity,
): Finding {
  return {
    rule,
    severity: severity ?? fallback,
    from: at.from,
    to: at.to,
    ...positionAt(expr, at.from),
    wrong,
    gives,
    fix,
    ...(edits && { edits, better: applyEdits(expr, edits) }),
  };
}

/** The mistakes of an expression: errors first, then in the order of the text. */
export function lint(expr: string, options: LintOptions = {}): Finding[] {
  const { root, problem } = parse(expr);
  if (problem) {
    const { from, to, message } = problem;
    const refused = { at: { from, to }, wrong: message, gives: 'an error: Prometheus refuses it', fix: '' };
    return [toFinding(expr, 'syntax', refused, 'error')];
  }
  const query = createQuery(expr, root, { ...DEFAULTS, ...options });
  const findings = rules.flatMap((rule) =>
    [...rule.check(query)].map((one) => toFinding(expr, rule.id, one, rule.severity)),
  );
  const rank = ({ severity }: Finding) => (severity === 'error' ? 0 : 1);
  return findings.sort((a, b) => rank(a) - rank(b) || a.from - b.from);
}

const MOST_STEPS = 20;

/** The expression with every correction that can be derived; undefined where a mistake is left that has none. */
export function applyFixes(expr: string, options: LintOptions = {}): string | undefined {
  let better = expr;
  for (let step = 0; step < MOST_STEPS; step++) {
    const findings = lint(better, options);
    if (findings.length === 0) return better;
    const next = findings.find((one) => one.better !== undefined)?.better;
    if (next === undefined) return findings.some(({ severity }) => severity === 'error') ? undefined : better;
    better = next;
  }
  return undefined;
}

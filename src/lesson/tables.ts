import type { AlertThresholds } from '../../config/alert-settings.js';
import { config } from '../../config.js';
import approachRows from '../../data/approaches.json';
import { panels } from '../dashboard/panels.js';
import { type Catalogue, catalogue } from '../m2_3_monitoring/metrics/catalogue.js';

/** Columns of a table, as danfojs-node's DataFrame takes them. */
export type Columns = Record<string, (string | number)[]>;

const titleCase = (word: string) => `${word[0]?.toUpperCase()}${word.slice(1)}`;

/** Rows to columns: the keys of the first row are the headings. */
export function toColumns(rows: Record<string, string | number>[]): Columns {
  return Object.fromEntries(Object.keys(rows[0] ?? {}).map((key) => [key, rows.map((row) => row[key] ?? '')]));
}

/** Section 1: three ways to monitor. */
export const approaches: Columns = approachRows;

type MetricRow = [category: string, metric: string, key: keyof Catalogue, threshold: string];

function metricRows(thresholds: AlertThresholds): MetricRow[] {
  return [
    ['Performance', 'Query Latency (p50/p95/p99)', 'queryLatency', `p95 > ${thresholds.ALERT_QUERY_P95_SECONDS}s`],
    ['Performance', 'Retrieval Time', 'retrievalLatency', `p95 > ${thresholds.ALERT_RETRIEVAL_P95_SECONDS * 1000}ms`],
    ['Performance', 'LLM Generation Time', 'llmLatency', `p95 > ${thresholds.ALERT_LLM_P95_SECONDS}s`],
    ['Cost', 'Cost per Query', 'queryCost', `p95 > $${thresholds.ALERT_QUERY_COST_P95_USD.toFixed(2)}`],
    ['Cost', 'Daily Spend by Model', 'totalCost', `Daily > $${thresholds.ALERT_DAILY_COST_USD}`],
    ['Quality', 'Relevance Score', 'relevanceScore', `p50 < ${thresholds.ALERT_RELEVANCE_P50}`],
    ['Quality', 'Context Precision', 'contextPrecision', `p50 < ${thresholds.ALERT_CONTEXT_PRECISION_P50}`],
    ['System Health', 'Cache Hit Rate', 'cacheHitRate', `< ${thresholds.ALERT_CACHE_HIT_RATIO * 100}%`],
    ['System Health', 'Error Rate', 'requestsTotal', `> ${thresholds.ALERT_ERROR_RATIO * 100}%`],
    [
      'System Health',
      'Rate Limit Headroom',
      'rateLimitRemaining',
      `< ${thresholds.ALERT_RATE_LIMIT_REMAINING} requests`,
    ],
  ];
}

/** Section 2: the ten metrics, why they are there, and where they worry us. */
export function metricsTable(thresholds: AlertThresholds = config): Columns {
  return toColumns(
    metricRows(thresholds).map(([category, metric, key, threshold]) => ({
      Category: category,
      Metric: metric,
      Type: titleCase(catalogue[key].type),
      'Alert Threshold': threshold,
      'The Question It Answers': catalogue[key].why,
    })),
  );
}

/** Section 7: the ten panels of the dashboard. */
export function panelsTable(): Columns {
  return toColumns(
    panels(config).map(({ title, visualization, purpose }) => ({
      Panel: title,
      Visualization: visualization,
      Purpose: purpose,
    })),
  );
}

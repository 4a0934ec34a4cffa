import { number, type Parsed } from './setting.js';

/** Thresholds of the alerts, of the dashboard and of the lesson's table of metrics. */
export const alertSettings = {
  ALERT_QUERY_P95_SECONDS: number(2, {}, 's', 'Alert when the p95 of the query latency is above'),
  ALERT_RETRIEVAL_P95_SECONDS: number(0.5, {}, 's', 'Threshold of the p95 of the retrieval latency'),
  ALERT_LLM_P95_SECONDS: number(5, {}, 's', 'Threshold of the p95 of the LLM latency'),
  ALERT_QUERY_COST_P95_USD: number(0.1, {}, 'USD', 'Threshold of the p95 of the cost of a query'),
  ALERT_DAILY_COST_USD: number(100, {}, 'USD per day', 'Alert when the projected spend of a day is above'),
  ALERT_RELEVANCE_P50: number(0.7, { max: 1 }, 'score', 'Threshold of the median relevance score'),
  ALERT_CONTEXT_PRECISION_P50: number(0.6, { max: 1 }, 'score', 'Threshold of the median context precision'),
  ALERT_CACHE_HIT_RATIO: number(0.3, { max: 1 }, 'ratio', 'Alert when the share of cache hits is below'),
  ALERT_ERROR_RATIO: number(0.05, { max: 1 }, 'ratio', 'Alert when the share of failed requests is above'),
  ALERT_RATE_LIMIT_REMAINING: number(100, {}, 'requests', 'Alert when the provider allows fewer requests than'),
} as const;

export type AlertThresholds = Parsed<typeof alertSettings>;

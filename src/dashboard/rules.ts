import type { AlertThresholds } from '../../config/alert-settings.js';
import * as promql from './promql.js';

const WINDOW = '5m';
/** Fewer than this in the window say nothing about a share: one failure of one request is 100 %. */
const MINIMUM_REQUESTS = 10;

export interface RecordingRule {
  record: string;
  expr: string;
  /** Why it is recorded, or why it is not the obvious query. */
  comment: string;
}

/** Expensive or shared queries, computed once; named level:metric:operation. Quantiles are never averaged, so buckets are summed first. */
export const recordingRules = (): RecordingRule[] => [
  {
    record: 'job:rag_requests:rate5m',
    expr: promql.requestRate({ window: WINDOW, by: ['job'] }),
    comment: 'Requests per second.',
  },
  {
    record: 'job:rag_requests_failed:ratio_rate5m',
    expr: promql.errorRatio({ window: WINDOW, by: ['job'] }),
    comment:
      'Share of failed requests. Both sides are summed: without that, each error series is divided by itself and gives 1.',
  },
  {
    record: 'job_operation:rag_query_latency_seconds:p95_5m',
    expr: promql.queryLatency(0.95, { window: WINDOW, by: ['job', 'operation'] }),
    comment: 'p95 over all instances.',
  },
  {
    record: 'job_cache_type:rag_cache_hits:ratio_rate5m',
    expr: promql.cacheHitRatio({ window: WINDOW, by: ['job', 'cache_type'] }),
    comment: 'Share of cache hits of the last minutes, from the counters.',
  },
  {
    record: 'job:rag_cost_usd:projected_1d',
    expr: `${promql.spend({ window: '1h', by: ['job'] })} * 24`,
    comment: 'USD per day at the pace of the last hour: rate() would be per second, and has to be multiplied by 86400.',
  },
];

export interface AlertRule {
  alert: string;
  expr: string;
  for: string;
  severity: 'critical' | 'warning' | 'info';
  summary: string;
  description: string;
  comment: string;
}

const percent = (ratio: number) => `${Math.round(ratio * 1000) / 10}%`;

/** The five alerts of the lesson in the form that fires when, and only when, it should. */
export const alertRules = (config: AlertThresholds): AlertRule[] => [
  {
    alert: 'HighQueryLatency',
    expr: `${promql.queryLatency(0.95, { window: WINDOW, by: ['job', 'operation'] })} > ${config.ALERT_QUERY_P95_SECONDS}`,
    for: '5m',
    severity: 'warning',
    summary: `p95 latency exceeds ${config.ALERT_QUERY_P95_SECONDS} seconds`,
    description:
      '{{ $labels.operation }} of {{ $labels.job }}: 95% of the queries take up to {{ $value | humanizeDuration }}.',
    comment: 'Buckets of all instances are summed before the quantile is taken; `le` has to survive the sum.',
  },
  {
    alert: 'HighErrorRate',
    expr:
      `${promql.errorRatio({ window: WINDOW, by: ['job'] })} > ${config.ALERT_ERROR_RATIO}\n` +
      `and ${promql.requests({ window: WINDOW, by: ['job'] })} >= ${MINIMUM_REQUESTS}`,
    for: '2m',
    severity: 'critical',
    summary: `Error rate above ${percent(config.ALERT_ERROR_RATIO)}`,
    description: '{{ $labels.job }}: {{ $value | humanizePercentage }} of the requests fail.',
    comment: 'Both sides are summed, and a minimum of traffic is asked for: one failure of one request is 100 %.',
  },
  {
    alert: 'LowCacheHitRate',
    expr:
      `${promql.cacheHitRatio({ window: WINDOW, by: ['job', 'cache_type'] })} < ${config.ALERT_CACHE_HIT_RATIO}\n` +
      `and ${promql.cacheLookups({ window: WINDOW, by: ['job', 'cache_type'] })} >= ${MINIMUM_REQUESTS}`,
    for: '10m',
    severity: 'info',
    summary: `Cache hit rate below ${percent(config.ALERT_CACHE_HIT_RATIO)}`,
    description:
      'The {{ $labels.cache_type }} cache of {{ $labels.job }} answers {{ $value | humanizePercentage }} of its lookups.',
    comment:
      'From the counters: the gauge rag_cache_hit_rate counts since the start, and stays high long after a cache died.',
  },
  {
    alert: 'HighCostBurn',
    expr: `${promql.spend({ window: '1h', by: ['job'] })} * 24 > ${config.ALERT_DAILY_COST_USD}`,
    for: '15m',
    severity: 'warning',
    summary: `Daily spend projected to exceed $${config.ALERT_DAILY_COST_USD}`,
    description:
      '{{ $labels.job }} would spend {{ $value | printf "%.2f" }} USD in a day at the pace of the last hour.',
    comment: 'increase() over an hour times 24; rate() is per second, and times 24 it stays 3600 times too small.',
  },
  {
    alert: 'RateLimitWarning',
    expr: `${promql.rateLimitRemaining(['job', 'provider'])} < ${config.ALERT_RATE_LIMIT_REMAINING}`,
    for: '1m',
    severity: 'warning',
    summary: `Less than ${config.ALERT_RATE_LIMIT_REMAINING} API calls remaining`,
    description: '{{ $labels.provider }} allows {{ $labels.job }} {{ $value }} more requests in this window.',
    comment: "The gauge never holds a provider's -1 for unknown, which would be a false alarm here.",
  },
];

/**
 * Monitoring of a RAG service: metrics for Prometheus, a decorator that records every call once, structured logs, and the
 * server that /metrics is scraped from. The functions here belong to one default instance per process.
 *
 * In: calls of a service, its settings.
 * Out: metrics, log lines.
 * Must not know: all other rooms, since it is packed alone.
 *
 * @module
 */

import { createMonitoring, type Monitoring } from './create-monitoring.js';

// One instance per process even where the module is loaded twice (a second copy in node_modules, a notebook's reload):
// otherwise the second copy would count into metrics that are never scraped.
const INSTANCE = Symbol.for('m2_3_monitoring.default');
const holder = globalThis as { [INSTANCE]?: Monitoring };
holder[INSTANCE] ??= createMonitoring();
const monitoring = holder[INSTANCE];

/** The settings of this process; `settings` describes each. */
export const { config } = monitoring;
/** The prom-client registry that /metrics shows. */
export const { registry } = monitoring;
/** The metrics by their names in camelCase: `metrics.retrievalLatency.observe(0.12)` takes seconds. */
export const { metrics } = monitoring;
/**
 * Watches a function or a method to its true end, also where it returns a promise, a generator, a web or Node stream, or a
 * stream of the OpenAI, Anthropic or Vercel AI SDK. Records latency in seconds, time to first token, requests by status, and
 * from the result tokens, cost in USD, relevance and context precision (0 to 1).
 * The caller sees exactly what it would see without it.
 * @throws {TypeError} on a bad option, when it is called; recording never throws
 * @example
 * const ask = monitoredQuery({ operation: 'rag_pipeline', model: 'gpt-4' })(async (question: string) => {
 *   return { answer: '…', input_tokens: 450, output_tokens: 120, relevance_score: 0.88 };
 * });
 */
export const { monitoredQuery } = monitoring;
/**
 * A `fetch` for a client's `fetch` option: counts every HTTP attempt, retries included, and reads the rate-limit headers of
 * OpenAI, Azure and Anthropic.
 * @example new OpenAI({ fetch: monitoredFetch({ provider: 'openai' }) })
 */
export const { monitoredFetch } = monitoring;
/** Counts a cache lookup: `trackCacheOperation({ hit: true, cacheType: 'semantic' })`. */
export const { trackCacheOperation } = monitoring;
/** Keeps how many requests a provider still allows: `trackRateLimit({ provider: 'openai', remaining: 4999 })`. */
export const { trackRateLimit } = monitoring;
/** Counts a request that a provider refused: `trackRateLimitHit({ provider: 'openai' })`. */
export const { trackRateLimitHit } = monitoring;
/**
 * What a call costs, in USD, by `data/model_prices.json` and MODEL_PRICES_FILE, or by the default rates where the model has no
 * price. Records nothing.
 * @example calculateCost({ model: 'gpt-4', inputTokens: 1000, outputTokens: 500 }) // 0.06
 */
export const { calculateCost } = monitoring;
/** The price row of a model at a time (milliseconds since 1970; default: now); undefined where it has none. */
export const { findPrice } = monitoring;
/**
 * Defines a further metric, with the same guards: bad values are dropped and counted, labels are limited.
 * @throws {TypeError} on a label that is unbounded by nature, or buckets that do not ascend
 * @example defineMetric({ name: 'app_jobs_total', type: 'counter', help: 'Jobs', labels: ['queue'] })
 */
export const { defineMetric } = monitoring;
/** How many series this process can make at most, metric by metric, largest first. */
export const { seriesBudget } = monitoring;
/**
 * The id of the monitored call that runs here, as its log lines have it; undefined outside. Calls are followed across `await`
 * from the first StructuredLogger, or the first question, on: ask once at the start where there is no logger.
 */
export const { currentQueryId } = monitoring;
/** The id of the monitored call that gave this result object. */
export const { queryIdOf } = monitoring;
/**
 * Serves /metrics and /health on METRICS_HOST and `port` (default: METRICS_PORT; 0: any free one). A second call returns the
 * running server. The server does not keep the process alive.
 * @throws {MetricsServerError} where another program holds the port
 */
export const { startMetricsServer } = monitoring;
/** Writes one JSON object a line: `new StructuredLogger('api').logRequest({ query, userId })`. */
export const { StructuredLogger } = monitoring;
export type StructuredLogger = InstanceType<typeof StructuredLogger>;

export { type Config, ConfigError, parseConfig, settings } from '../../config/module.js';
export { createMonitoring, type Monitoring, type MonitoringOptions } from './create-monitoring.js';
export type { LogFields, RequestLog, ResponseLog } from './logging/log-line.js';
export { type Catalogue, catalogue, type MetricDefinition, STATUSES, type Status } from './metrics/catalogue.js';
export type { Metrics, OwnMetric } from './metrics/create-metrics.js';
export type { UnboundedLabelName } from './metrics/label-limiter.js';
export type { MetricBudget } from './metrics/series-budget.js';
export type { MonitoredQueryDecorator } from './monitored-query.js';
export type { Usage } from './pricing/calculate-cost.js';
export { findStalePrices, type Price, type Rates, type StalePrice } from './pricing/price-book.js';
export type { MonitoredFetchOptions } from './provider/monitored-fetch.js';
export { type RateLimitState, readRateLimitHeaders } from './provider/rate-limit-headers.js';
export type { CacheOperation } from './provider/track-cache.js';
export type { RateLimit } from './provider/track-rate-limit.js';
export { GEN_AI_CONVENTIONS } from './record/otel-bridge.js';
export type { MonitoredQueryOptions } from './record/recording-context.js';
export type { MetricsServer } from './server/metrics-server.js';
export { MetricsServerError } from './server/server-error.js';

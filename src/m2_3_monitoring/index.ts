/**
 * Monitoring of a RAG service: metrics for Prometheus, a decorator that records every call once, structured logs, and the
 * server that /metrics is scraped from. The functions here belong to one default instance per process.
 *
 * @module
 */
import { createMonitoring, type Monitoring } from './create-monitoring.js';

// One instance per process even where the module is loaded twice (a second copy in node_modules, a notebook's reload):
// otherwise the second copy would count into metrics that nobody scrapes.
const INSTANCE = Symbol.for('m2_3_monitoring.default');
const holder = globalThis as { [INSTANCE]?: Monitoring };
holder[INSTANCE] ??= createMonitoring();
const monitoring = holder[INSTANCE];

/** The settings of this process; each is described in `config.ts` and `.env.example`. */
export const { config } = monitoring;
/** The prom-client registry that /metrics shows. */
export const { registry } = monitoring;
/** The metrics by their names in camelCase: `metrics.retrievalLatency.observe(0.12)` takes seconds. */
export const { metrics } = monitoring;
/**
 * Watches a function or a method: latency in seconds, requests by status, active requests, and from the returned object
 * tokens, cost in USD, relevance and context precision (0 to 1), under their snake_case or camelCase keys.
 * The caller sees exactly what it would see without it.
 * @throws {TypeError} on an empty `operation` or `model`
 * @example
 * const ask = monitoredQuery({ operation: 'rag_pipeline', model: 'gpt-4' })(async (question: string) => {
 *   return { answer: '…', input_tokens: 450, output_tokens: 120, relevance_score: 0.88 };
 * });
 */
export const { monitoredQuery } = monitoring;
/** Counts a cache lookup: `trackCacheOperation({ hit: true, cacheType: 'semantic' })`. */
export const { trackCacheOperation } = monitoring;
/** Keeps how many requests a provider still allows: `trackRateLimit({ provider: 'openai', remaining: 4999 })`. */
export const { trackRateLimit } = monitoring;
/** Counts a request that a provider refused: `trackRateLimitHit({ provider: 'openai' })`. */
export const { trackRateLimitHit } = monitoring;
/**
 * What a call costs, in USD, by `data/model_prices.json`, or by the default rates where the model has no price. Records nothing.
 * @example calculateCost({ model: 'gpt-4', inputTokens: 1000, outputTokens: 500 }) // 0.06
 */
export const { calculateCost } = monitoring;
/**
 * Serves /metrics and /health on METRICS_HOST and `port` (default: METRICS_PORT; 0: any free one). A second call returns the
 * running server. The server does not keep the process alive.
 * @throws {MetricsServerError} where another program holds the port
 */
export const { startMetricsServer } = monitoring;
/** Writes one JSON object a line: `new StructuredLogger('api').logRequest({ query, userId })`. */
export const { StructuredLogger } = monitoring;

export { type Config, ConfigError, parseConfig, settings } from '../../config.js';
export { findPrice, type Price, type Usage } from './calculate-cost.js';
export { type Catalogue, catalogue, type MetricDefinition, STATUSES, type Status } from './catalogue.js';
export { createMonitoring, type Monitoring, type MonitoringOptions } from './create-monitoring.js';
export type { Metrics } from './metrics.js';
export { type MetricsServer, MetricsServerError } from './metrics-server.js';
export type { MonitoredQueryDecorator } from './monitored-query.js';
export type { MonitoredQueryOptions } from './record-query.js';
export type { LogFields, RequestLog, ResponseLog } from './structured-logger.js';
export type { CacheOperation, RateLimit } from './trackers.js';

import { type BoundAdd, bindHistogram, bindNumber, bindValue } from './bound-series.js';
import { catalogue, STATUSES, type Status } from './catalogue.js';
import type { MetricSet } from './metrics.js';

/** The series of one operation, bound once. */
export interface OperationSeries {
  /** The labels of the operation's own histograms. */
  labels: { operation: string };
  active: BoundAdd;
  latency: BoundAdd;
  requests: Record<Status, BoundAdd>;
  relevance: BoundAdd;
  precision: BoundAdd;
}

/** The series of one model, bound once. */
export interface ModelSeries {
  inputTokens: BoundAdd;
  outputTokens: BoundAdd;
  queryCost: BoundAdd;
  totalCost: BoundAdd;
}

type Set = Pick<MetricSet, 'metrics' | 'limit'>;

/** Types of errors that a first call may well end with. */
const COMMON_ERROR_TYPES = ['Error', 'RateLimitError', 'TimeoutError'];

const activeCounts = new WeakMap<object, { count: number }>();

/** Keeps the number of calls in progress by itself: a `reset` of the registry amid a call must not make it negative. */
function countActive(gauge: MetricSet['metrics']['activeRequests']): BoundAdd {
  const shared = activeCounts.get(gauge) ?? { count: 0 };
  activeCounts.set(gauge, shared);
  const set = bindValue(gauge, {});
  return (change) => {
    shared.count += change;
    set(shared.count);
  };
}

/** Binds an operation's series; all start at 0: `increase()` cannot see a first error in a series that starts at 1. */
export function bindOperation({ metrics, limit }: Set, operation: string): OperationSeries {
  const { endpoint = operation } = limit('rag_requests_total', { endpoint: operation });
  for (const error_type of COMMON_ERROR_TYPES) metrics.errorsTotal.inc({ error_type, endpoint }, 0);
  const requests = STATUSES.map((status) => [status, bindNumber(metrics.requestsTotal, { endpoint, status })]);
  const labels = limit('rag_query_latency_seconds', { operation }) as OperationSeries['labels'];
  return {
    labels,
    active: countActive(metrics.activeRequests),
    latency: bindHistogram(metrics.queryLatency, labels),
    requests: Object.fromEntries(requests),
    relevance: bindHistogram(metrics.relevanceScore, {}),
    precision: bindHistogram(metrics.contextPrecision, {}),
  };
}

const PER_MODEL = [catalogue.inputTokens, catalogue.outputTokens, catalogue.queryCost, catalogue.totalCost];

/** Gives the series of a model, bound at its first call. There are as many as the label may have values. */
export function createModelSeries({ metrics, limit }: Set): (model: string) => ModelSeries {
  const bound = new Map<string, ModelSeries>();
  const bind = (limited: string): ModelSeries => {
    const labels = { model: limited };
    const series = {
      inputTokens: bindHistogram(metrics.inputTokens, labels),
      outputTokens: bindHistogram(metrics.outputTokens, labels),
      queryCost: bindHistogram(metrics.queryCost, labels),
      totalCost: bindNumber(metrics.totalCost, labels),
    };
    bound.set(limited, series);
    return series;
  };
  return (model) => {
    const known = bound.get(model);
    if (known) return known;
    // Only a new name, or one too many, comes here: one too many is counted for each metric that it would have had.
    let limited = model;
    for (const { name } of PER_MODEL) limited = limit(name, { model }).model ?? model;
    return bound.get(limited) ?? bind(limited);
  };
}

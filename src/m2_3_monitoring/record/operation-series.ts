import { STATUSES, type Status } from '../metrics/catalogue.js';
import type { MetricSet, MetricSubset } from '../metrics/create-metrics.js';
import { lazily, seriesByValue } from '../metrics/series-by-label.js';
import type { BoundHistogram, BoundNumber } from '../series/index.js';

/**
 * The number of calls in progress. The gauge is set when it is collected: that is cheaper than at each call, and a `reset` of the registry amid a call does not make it negative.
 */
class ActiveCalls {
  count = 0;
  #shown = 0;

  constructor(private readonly gauge: BoundNumber) {}

  show(): void {
    if (this.count === this.#shown) return;
    this.#shown = this.count;
    this.gauge.set(this.count);
  }
}

/** The series of one operation, bound once. */
export interface OperationSeries {
  active: ActiveCalls;
  latency: BoundHistogram;
  requests: Record<Status, BoundNumber>;
  relevance: BoundHistogram;
  precision: BoundHistogram;
  timeToFirstToken: () => BoundHistogram;
  timePerOutputToken: () => BoundHistogram;
  errors: (errorType: string) => BoundNumber;
}

/** Types of errors that a first call may well end with. */
const COMMON_ERROR_TYPES = ['Error', 'RateLimitError', 'TimeoutError'];

const activeCalls = new WeakMap<object, ActiveCalls>();

function activeCallsOf(gauge: MetricSet['metrics']['activeRequests']): ActiveCalls {
  const known = activeCalls.get(gauge);
  if (known) return known;
  const calls = new ActiveCalls(gauge.bind({}));
  activeCalls.set(gauge, calls);
  Object.assign(gauge, { collect: () => calls.show() });
  return calls;
}

/** Binds an operation's series; all start at 0: `increase()` cannot see a first error in a series that starts at 1. */
export function bindOperation({ metrics, limit }: MetricSubset, operation: string): OperationSeries {
  const { endpoint = operation } = limit('rag_requests_total', { endpoint: operation });
  const errors = createErrorSeries({ metrics, limit }, endpoint);
  for (const errorType of COMMON_ERROR_TYPES) errors(errorType);
  const requests = STATUSES.map((status) => [status, metrics.requestsTotal.bind({ endpoint, status })]);
  const labels = limit('rag_query_latency_seconds', { operation });
  return {
    active: activeCallsOf(metrics.activeRequests),
    latency: metrics.queryLatency.bind(labels),
    requests: Object.fromEntries(requests),
    relevance: metrics.relevanceScore.bind({}),
    precision: metrics.contextPrecision.bind({}),
    timeToFirstToken: lazily(() => metrics.timeToFirstToken.bind(labels)),
    timePerOutputToken: lazily(() => metrics.timePerOutputToken.bind(labels)),
    errors,
  };
}

/** Gives the series of an error type at an endpoint. */
const createErrorSeries = ({ metrics, limit }: MetricSubset, endpoint: string): OperationSeries['errors'] =>
  seriesByValue(
    (error_type) => limit('rag_errors_total', { error_type }).error_type,
    (error_type) => metrics.errorsTotal.bind({ error_type, endpoint }),
  );

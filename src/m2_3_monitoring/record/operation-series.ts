import { catalogue, STATUSES, type Status } from '../metrics/catalogue.js';
import type { MetricSet } from '../metrics/create-metrics.js';
import { lazily, seriesByValue } from '../metrics/series-by-label.js';
import type { Price } from '../pricing/price-book.js';
import type { BoundHistogram, BoundNumber } from '../series/index.js';

/**
 * The number of calls in progress. The gauge is told when somebody looks at it: that is cheaper than at each call, and a
 * `reset` of the registry amid a call does not make it negative.
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

/** The series of one model, bound once. */
export interface ModelSeries {
  inputTokens: BoundHistogram;
  outputTokens: BoundHistogram;
  queryCost: BoundHistogram;
  totalCost: BoundNumber;
  /** The model's price at a time of the clock `now`; undefined where it has none. */
  priceAt: (nowMs: number) => Price | undefined;
}

type Set = Pick<MetricSet, 'metrics' | 'limit'>;

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
export function bindOperation({ metrics, limit }: Set, operation: string): OperationSeries {
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
const createErrorSeries = ({ metrics, limit }: Set, endpoint: string): OperationSeries['errors'] =>
  seriesByValue(
    (error_type) => limit('rag_errors_total', { error_type }).error_type,
    (error_type) => metrics.errorsTotal.bind({ error_type, endpoint }),
  );

/** The series of what is a part of a model's tokens, bound where a call tells of it. */
export interface PartSeries {
  cachedInput: (model: string) => BoundNumber;
  reasoning: (model: string) => BoundNumber;
}

export function createPartSeries({ metrics, limit }: Set): PartSeries {
  const perModel = (key: 'cachedInputTokens' | 'reasoningTokens') =>
    seriesByValue(
      (model) => limit(catalogue[key].name, { model }).model,
      (model) => metrics[key].bind({ model }),
    );
  return { cachedInput: perModel('cachedInputTokens'), reasoning: perModel('reasoningTokens') };
}

const PER_MODEL = [catalogue.inputTokens, catalogue.outputTokens, catalogue.queryCost, catalogue.totalCost];

/** Gives the series of a model, bound at its first call. There are as many as the label may have values. */
export function createModelSeries(
  { metrics, limit }: Set,
  priceOf: (model: string) => ModelSeries['priceAt'],
): (model: string) => ModelSeries {
  const bound = new Map<string, ModelSeries>();
  const bind = (limited: string): ModelSeries => {
    const labels = { model: limited };
    const series = {
      inputTokens: metrics.inputTokens.bind(labels),
      outputTokens: metrics.outputTokens.bind(labels),
      queryCost: metrics.queryCost.bind(labels),
      totalCost: metrics.totalCost.bind(labels),
      priceAt: priceOf(limited),
    };
    bound.set(limited, series);
    return series;
  };
  const find = (model: string): ModelSeries => {
    const known = bound.get(model);
    if (known) {
      last = { model, series: known };
      return known;
    }
    // Only a new name, or one too many, comes here: one too many is counted for each metric that it would have had.
    let limited = model;
    for (const { name } of PER_MODEL) limited = limit(name, { model }).model ?? model;
    const series = bound.get(limited) ?? bind(limited);
    // One too many is counted with the others, and has a price of its own.
    return limited === model ? series : { ...series, priceAt: priceOf(model) };
  };
  // Most services ask one model most of the time.
  let last: { model: string; series: ModelSeries } | undefined;
  return (model) => (last?.model === model ? last.series : find(model));
}

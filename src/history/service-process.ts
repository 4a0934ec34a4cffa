import { catalogue, STATUSES, type Status } from '../m2_3_monitoring/metrics/catalogue.js';
import { createSeriesSet, type Series } from './series-set.js';
import { OPERATIONS, type Operation } from './service.js';
import type { RequestOutcome } from './simulate-request.js';

/** A process of the service, as its /metrics shows it. */
export interface ServiceProcess {
  readonly series: readonly Series[];
  /** Counts a request that has ended, as `monitoredQuery` and the pipeline would. */
  record(outcome: RequestOutcome): void;
  setActive(requests: number): void;
  setRemaining(operation: Operation, requests: number): void;
  restart(): void;
}

const ERROR_TYPES = ['Error', 'RateLimitError', 'TimeoutError', 'InternalServerError', 'APIConnectionError'];

type SeriesSet = ReturnType<typeof createSeriesSet>;

const byName = <Value>(names: readonly string[], make: (name: string) => Value) =>
  new Map(names.map((name) => [name, make(name)]));

/** The series of one operation, its model and its provider. */
function operationSeries(set: SeriesSet, { operation, model, provider }: Operation) {
  const streams = operation === 'chat';
  return {
    latency: set.histogram(catalogue.queryLatency, { operation }),
    requests: byName(STATUSES, (status) => set.counter(catalogue.requestsTotal, { endpoint: operation, status })),
    errors: byName(ERROR_TYPES, (error_type) =>
      set.counter(catalogue.errorsTotal, { endpoint: operation, error_type }),
    ),
    inputTokens: set.histogram(catalogue.inputTokens, { model }),
    outputTokens: set.histogram(catalogue.outputTokens, { model }),
    queryCost: set.histogram(catalogue.queryCost, { model }),
    totalCost: set.counter(catalogue.totalCost, { model }),
    remaining: set.gauge(catalogue.rateLimitRemaining, { provider }),
    rateLimitHits: set.counter(catalogue.rateLimitHits, { provider }),
    ...(streams && {
      firstToken: set.histogram(catalogue.timeToFirstToken, { operation }),
      perToken: set.histogram(catalogue.timePerOutputToken, { operation }),
    }),
  };
}

/** The series that all operations share. */
function sharedSeries(set: SeriesSet) {
  const cache = { cache_type: 'semantic' };
  return {
    retrieval: set.histogram(catalogue.retrievalLatency),
    llm: set.histogram(catalogue.llmLatency),
    relevance: set.histogram(catalogue.relevanceScore),
    precision: set.histogram(catalogue.contextPrecision),
    hits: set.counter(catalogue.cacheHits, cache),
    misses: set.counter(catalogue.cacheMisses, cache),
    hitRate: set.gauge(catalogue.cacheHitRate, cache),
    active: set.gauge(catalogue.activeRequests),
  };
}

type OperationSeries = ReturnType<typeof operationSeries>;

function recordUsage(series: OperationSeries, { usage, cached, llmSeconds = 0, firstTokenSeconds }: RequestOutcome) {
  // A cached answer buys no tokens: it costs 0, and counts as a query when the mean cost is taken.
  if (!usage && !cached) return;
  series.queryCost(usage?.costUsd ?? 0);
  series.totalCost(usage?.costUsd ?? 0);
  if (!usage) return;
  series.inputTokens(usage.inputTokens);
  series.outputTokens(usage.outputTokens);
  if (firstTokenSeconds === undefined) return;
  series.firstToken?.(firstTokenSeconds);
  series.perToken?.((llmSeconds - firstTokenSeconds) / (usage.outputTokens - 1));
}

function recordEnd(series: OperationSeries, { latencySeconds, status, errorType }: RequestOutcome) {
  series.latency(latencySeconds);
  series.requests.get(status satisfies Status)?.(1);
  if (errorType) series.errors.get(errorType)?.(1);
  if (status === 'rate_limited') series.rateLimitHits(1);
}

/** Starts a process that is scraped as `target`. */
export function createServiceProcess(target: string): ServiceProcess {
  const set = createSeriesSet(target);
  const shared = sharedSeries(set);
  const operations = new Map(OPERATIONS.map((one) => [one, operationSeries(set, one)]));
  let lookups = { hits: 0, total: 0 };
  const recordLookup = (hit: boolean) => {
    lookups.total += 1;
    if (hit) lookups.hits += 1;
    (hit ? shared.hits : shared.misses)(1);
    shared.hitRate(lookups.hits / lookups.total);
  };
  return {
    series: set.all,
    record(outcome) {
      const series = operations.get(outcome.operation);
      if (!series) return;
      recordEnd(series, outcome);
      recordUsage(series, outcome);
      if (outcome.cached !== undefined) recordLookup(outcome.cached);
      if (outcome.retrievalSeconds !== undefined) shared.retrieval(outcome.retrievalSeconds);
      if (outcome.llmSeconds !== undefined) shared.llm(outcome.llmSeconds);
      if (outcome.relevance !== undefined) shared.relevance(outcome.relevance);
      if (outcome.precision !== undefined) shared.precision(outcome.precision);
    },
    setActive: shared.active,
    setRemaining: (operation, requests) => operations.get(operation)?.remaining(requests),
    restart() {
      set.restart();
      lookups = { hits: 0, total: 0 };
    },
  };
}

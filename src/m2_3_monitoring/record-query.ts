import { randomUUID } from 'node:crypto';
import type { Config } from '../../config.js';
import { priceUsage } from './calculate-cost.js';
import { STATUSES, type Status } from './catalogue.js';
import type { MetricSet } from './metrics.js';
import type { OtelBridge } from './otel-bridge.js';
import { errorType, statusOfError } from './outcome.js';
import type { PriceBook } from './price-book.js';
import { type QueryFacts, readResult } from './read-result.js';
import { createStreamReader, type StreamReader } from './stream-reader.js';

/** What the recording of a call needs. */
export interface RecordingContext extends Pick<MetricSet, 'metrics' | 'observe' | 'ensureSeries' | 'drop'> {
  config: Config;
  priceBook: PriceBook;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  /** Milliseconds since 1970. */
  wallClock: () => number;
  otel?: OtelBridge;
}

export interface MonitoredQueryOptions {
  /** Which operation this is: the label `operation` of the latency and `endpoint` of the requests. Default: `query`. */
  operation?: string | undefined;
  /** Which model answers. Default: the `model` of the result, where it has one. */
  model?: string | undefined;
  /** The calls are sent as a batch, at the provider's batch prices. Default: false. */
  batch?: boolean | undefined;
  /** Who provides the model, for OpenTelemetry's `gen_ai.provider.name`. Default: `unknown`. */
  provider?: string | undefined;
  /**
   * Gives what the metrics are taken from, for results of a form of your own: an object with the keys that `monitoredQuery`
   * knows. What it throws is counted, and never seen by the caller. Default: the result itself.
   */
  extract?: ((result: unknown) => unknown) | undefined;
}

/** One call in progress. It is recorded once, by whichever ending comes first; nothing here ever throws. */
export interface QueryRecord {
  /** Identifies the call in its log lines. */
  readonly queryId: string;
  /** The work begins only now (a lazy stream that was asked for its first chunk): the clock starts anew. */
  restart(): void;
  /** Nobody has begun to consume a lazy stream, or asked for a lazy promise: it is not in progress. */
  pause(): void;
  /** Somebody has: it is in progress, by the clock of its start. */
  resume(): void;
  succeed(result: unknown): void;
  fail(error: unknown): void;
  /** A stream has given a chunk. */
  chunk(chunk: unknown): void;
  /** A stream has ended, or its consumer has stopped early. */
  finish(status: Status, returned?: unknown): void;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Types of errors that a first call may well end with. */
const COMMON_ERROR_TYPES = ['Error', 'RateLimitError', 'TimeoutError'];

/** Series that are known beforehand start at 0: `increase()` cannot see a first error in a series that starts at 1. */
function zeroInitialise(
  { metrics, ensureSeries }: RecordingContext,
  operation: string,
  model: string | undefined,
): void {
  ensureSeries(metrics.queryLatency, { operation });
  for (const status of STATUSES) metrics.requestsTotal.inc({ endpoint: operation, status }, 0);
  for (const error_type of COMMON_ERROR_TYPES) metrics.errorsTotal.inc({ error_type, endpoint: operation }, 0);
  if (model === undefined) return;
  metrics.totalCost.inc({ model }, 0);
  for (const histogram of [metrics.inputTokens, metrics.outputTokens, metrics.queryCost])
    ensureSeries(histogram, { model });
}

function recordCost({ metrics, observe }: RecordingContext, model: string, costUsd: number): void {
  observe(metrics.queryCost, { model }, costUsd);
  metrics.totalCost.inc({ model }, costUsd);
}

function recordTokens(context: RecordingContext, facts: QueryFacts, model: string, batch: boolean | undefined): void {
  const { metrics, observe, priceBook, config } = context;
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = facts;
  if (isNumber(inputTokens)) observe(metrics.inputTokens, { model }, inputTokens);
  if (isNumber(outputTokens)) observe(metrics.outputTokens, { model }, outputTokens);
  if (isNumber(cachedInputTokens)) metrics.cachedInputTokens.inc({ model }, cachedInputTokens);
  if (isNumber(reasoningTokens)) metrics.reasoningTokens.inc({ model }, reasoningTokens);
  const usage = {
    model,
    inputTokens: inputTokens ?? 0,
    cachedInputTokens: cachedInputTokens ?? 0,
    cacheWriteTokens: facts.cacheWriteTokens ?? 0,
    cacheWrite1hTokens: facts.cacheWrite1hTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    batch,
  };
  const { costUsd, priced } = priceUsage(usage, priceBook, config, context.wallClock());
  // What the provider reports is what the provider bills.
  const reported = isNumber(facts.costUsd);
  if (!priced && !reported) metrics.unpricedRequests.inc({ model });
  recordCost(context, model, reported ? (facts.costUsd as number) : costUsd);
}

function countMissing({ drop }: RecordingContext, facts: QueryFacts): void {
  if (facts.inputTokens === undefined) drop('input_tokens', 'missing');
  if (facts.outputTokens === undefined) drop('output_tokens', 'missing');
}

function recordFacts(
  context: RecordingContext,
  facts: QueryFacts,
  status: Status,
  options: MonitoredQueryOptions,
): void {
  const { metrics, observe } = context;
  const model = options.model ?? facts.model;
  const hasUsage = [facts.inputTokens, facts.outputTokens, facts.costUsd].some(isNumber);
  if (facts.cached) {
    // A cached answer buys no tokens: it costs 0, and counts as a query when the mean cost is taken.
    recordCost(context, model ?? 'unknown', 0);
  } else {
    // A call that was cut off may not know its usage; one that succeeded should. A cost is not made up from nothing.
    const expected = hasUsage || options.model !== undefined;
    if (expected && status === 'success' && !isNumber(facts.costUsd)) countMissing(context, facts);
    if (hasUsage) recordTokens(context, facts, model ?? 'unknown', options.batch);
  }
  if (isNumber(facts.relevanceScore)) observe(metrics.relevanceScore, {}, facts.relevanceScore);
  if (isNumber(facts.contextPrecision)) observe(metrics.contextPrecision, {}, facts.contextPrecision);
}

/** The calls of one monitored function: its series, and what starts the record of one call. */
class CallRecord implements QueryRecord {
  #open = true;
  #active = true;
  #startMs: number;
  #firstOutputMs: number | undefined;
  #stream: StreamReader | undefined;
  #queryId: string | undefined;

  constructor(
    private readonly context: RecordingContext,
    private readonly options: MonitoredQueryOptions,
    private readonly operation: string,
  ) {
    this.#startMs = context.now();
    context.metrics.activeRequests.inc();
  }

  get queryId(): string {
    this.#queryId ??= randomUUID();
    return this.#queryId;
  }

  restart(): void {
    if (!this.#active) this.#startMs = this.context.now();
    this.resume();
  }

  resume(): void {
    if (!this.#open || this.#active) return;
    this.#active = true;
    this.context.metrics.activeRequests.inc();
  }

  pause(): void {
    if (!this.#active) return;
    this.#active = false;
    this.context.metrics.activeRequests.dec();
  }

  succeed(result: unknown): void {
    this.#end('success', () => this.#factsOf(result));
  }

  fail(error: unknown): void {
    const status = statusOfError(error);
    this.#end(status, () => this.#streamFacts(), error);
  }

  chunk(chunk: unknown): void {
    if (!this.#open) return;
    this.#stream ??= createStreamReader();
    if (this.#stream.add(chunk) && this.#firstOutputMs === undefined) this.#firstOutputMs = this.context.now();
  }

  finish(status: Status, returned?: unknown): void {
    this.#end(status, () => ({ ...this.#streamFacts(), ...definedEntries(this.#factsOf(returned)) }));
  }

  #factsOf(result: unknown): QueryFacts {
    return readResult(this.#extract(result), this.context.drop);
  }

  #extract(result: unknown): unknown {
    const { extract } = this.options;
    if (!extract) return result;
    try {
      return extract(result);
    } catch {
      this.context.drop('extract', 'unreadable');
      return undefined;
    }
  }

  #streamFacts(): QueryFacts {
    return this.#stream ? this.#factsOf(this.#stream.collected()) : { cached: false };
  }

  #end(status: Status, readFacts: () => QueryFacts, error?: unknown): void {
    if (!this.#open) return;
    this.#open = false;
    this.pause();
    try {
      const endMs = this.context.now();
      const facts = readFacts();
      this.#recordTimes(endMs, facts);
      this.#recordOutcome(status, error);
      recordFacts(this.context, facts, status, this.options);
      this.#bridge(endMs, facts, status, error);
    } catch {
      // A fault of the recording must not reach the call that is watched.
      this.context.drop('query', 'refused');
    }
  }

  #recordTimes(endMs: number, { outputTokens }: QueryFacts): void {
    const { metrics, observe } = this.context;
    const operation = { operation: this.operation };
    observe(metrics.queryLatency, operation, (endMs - this.#startMs) / 1000);
    if (this.#firstOutputMs === undefined) return;
    observe(metrics.timeToFirstToken, operation, (this.#firstOutputMs - this.#startMs) / 1000);
    const perToken = this.#secondsPerToken(endMs, outputTokens);
    if (perToken !== undefined) observe(metrics.timePerOutputToken, operation, perToken);
  }

  #secondsPerToken(endMs: number, outputTokens: unknown): number | undefined {
    if (this.#firstOutputMs === undefined || !isNumber(outputTokens) || outputTokens < 2) return undefined;
    return (endMs - this.#firstOutputMs) / 1000 / (outputTokens - 1);
  }

  #recordOutcome(status: Status, error: unknown): void {
    const { metrics } = this.context;
    metrics.requestsTotal.inc({ endpoint: this.operation, status });
    const isError = status !== 'success' && status !== 'aborted';
    if (isError) metrics.errorsTotal.inc({ error_type: errorType(error), endpoint: this.operation });
  }

  #bridge(endMs: number, facts: QueryFacts, status: Status, error: unknown): void {
    const firstOutputMs = this.#firstOutputMs;
    this.context.otel?.record({
      provider: this.options.provider,
      model: this.options.model ?? facts.model,
      durationSeconds: (endMs - this.#startMs) / 1000,
      inputTokens: facts.inputTokens,
      outputTokens: facts.outputTokens,
      timeToFirstChunkSeconds: firstOutputMs === undefined ? undefined : (firstOutputMs - this.#startMs) / 1000,
      secondsPerOutputChunk: this.#secondsPerToken(endMs, facts.outputTokens),
      errorType: status === 'success' ? undefined : status === 'error' ? errorType(error) : status,
    });
  }
}

const definedEntries = (facts: QueryFacts): Partial<QueryFacts> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== false));

/** Prepares the series of one monitored function, and returns what starts the record of one call of it. */
export function createRecorder(context: RecordingContext, options: MonitoredQueryOptions): () => QueryRecord {
  const { operation = 'query' } = options;
  zeroInitialise(context, operation, options.model);
  return () => new CallRecord(context, options, operation);
}

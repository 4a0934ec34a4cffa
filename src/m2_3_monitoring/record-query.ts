import { randomUUID } from 'node:crypto';
import { bindOperation, type OperationSeries } from './call-series.js';
import { catalogue, type Status } from './catalogue.js';
import { errorType, statusOfError } from './outcome.js';
import type { MonitoredQueryOptions, QueryRecord, RecordingContext } from './query-record.js';
import { type QueryFacts, readResult } from './read-result.js';
import { isNumber, recordUsage } from './record-usage.js';
import { createStreamReader, findFailure, type StreamReader } from './stream-reader.js';

/** Leaves exemplars at the histograms of a call, where a sampled span is active. */
function offerExemplars(
  { exemplars }: RecordingContext,
  labels: OperationSeries['labels'],
  seconds: number,
  facts: QueryFacts,
): void {
  const { queryLatency, relevanceScore } = catalogue;
  exemplars.offer(queryLatency.name, labels, queryLatency.buckets, seconds);
  const { relevanceScore: score } = facts;
  if (isNumber(score)) exemplars.offer(relevanceScore.name, {}, relevanceScore.buckets, score);
}

/** One call in progress, and everything that is recorded of it. */
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
    private readonly series: OperationSeries,
  ) {
    this.#startMs = context.now();
    series.active(1);
  }

  get queryId(): string {
    this.#queryId ??= randomUUID();
    return this.#queryId;
  }

  get hasQueryId(): boolean {
    return this.#queryId !== undefined;
  }

  restart(): void {
    if (!this.#active) this.#startMs = this.context.now();
    this.resume();
  }

  resume(): void {
    if (!this.#open || this.#active) return;
    this.#active = true;
    this.series.active(1);
  }

  pause(): void {
    if (!this.#active) return;
    this.#active = false;
    this.series.active(-1);
  }

  succeed(result: unknown): void {
    if (!this.#open) return;
    const failure = findFailure(result);
    this.#end(failure === undefined ? 'success' : statusOfError(failure), result, failure);
  }

  fail(error: unknown): void {
    if (this.#open) this.#end(statusOfError(error), undefined, error);
  }

  chunk(chunk: unknown): void {
    if (!this.#open) return;
    this.#stream ??= createStreamReader();
    if (this.#stream.add(chunk) && this.#firstOutputMs === undefined) this.#firstOutputMs = this.context.now();
  }

  finish(status: Status, returned?: unknown): void {
    if (!this.#open) return;
    const failure = status === 'success' ? this.#stream?.failure() : undefined;
    this.#end(failure === undefined ? status : statusOfError(failure), returned, failure);
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

  /** What the result told, or the chunks of the stream and what it returned in the end. */
  #factsOf(result: unknown): QueryFacts {
    const { drop } = this.context;
    const facts = readResult(this.#extract(result), drop);
    if (!this.#stream) return facts;
    const streamed = readResult(this.#extract(this.#stream.collected()), drop);
    return { ...streamed, ...definedEntries(facts) };
  }

  #end(status: Status, result: unknown, error: unknown): void {
    this.#open = false;
    this.pause();
    try {
      const endMs = this.context.now();
      const facts = this.#factsOf(result);
      this.#recordTimes(endMs, facts);
      this.#recordOutcome(status, error);
      recordUsage(this.context, facts, status, this.options);
      if (this.context.otel) this.#bridge(endMs, facts, status, error);
    } catch {
      // A fault of the recording must not reach the call that is watched.
      this.context.drop('query', 'refused');
    }
  }

  #recordTimes(endMs: number, facts: QueryFacts): void {
    const { metrics } = this.context;
    const { labels } = this.series;
    const seconds = this.#secondsUntil(endMs);
    this.series.latency(seconds);
    if (isNumber(facts.relevanceScore)) this.series.relevance(facts.relevanceScore);
    if (isNumber(facts.contextPrecision)) this.series.precision(facts.contextPrecision);
    offerExemplars(this.context, labels, seconds, facts);
    if (this.#firstOutputMs === undefined) return;
    metrics.timeToFirstToken.observe(labels, this.#secondsUntil(this.#firstOutputMs));
    const perToken = this.#secondsPerToken(endMs, facts.outputTokens);
    if (perToken !== undefined) metrics.timePerOutputToken.observe(labels, perToken);
  }

  /** Never negative: a clock that goes back, or fails, must not take from what was summed. */
  #secondsUntil(ms: number): number {
    return Math.max(0, ms - this.#startMs) / 1000;
  }

  #secondsPerToken(endMs: number, outputTokens: unknown): number | undefined {
    if (this.#firstOutputMs === undefined || !isNumber(outputTokens) || outputTokens < 2) return undefined;
    return Math.max(0, endMs - this.#firstOutputMs) / 1000 / (outputTokens - 1);
  }

  #recordOutcome(status: Status, error: unknown): void {
    this.series.requests[status](1);
    const isError = status !== 'success' && status !== 'aborted';
    if (isError) this.context.metrics.errorsTotal.inc({ error_type: errorType(error), endpoint: this.operation });
  }

  #bridge(endMs: number, facts: QueryFacts, status: Status, error: unknown): void {
    const firstOutputMs = this.#firstOutputMs;
    this.context.otel?.record({
      provider: this.options.provider,
      requestModel: this.options.model,
      responseModel: facts.model,
      durationSeconds: this.#secondsUntil(endMs),
      inputTokens: facts.inputTokens,
      outputTokens: facts.outputTokens,
      timeToFirstChunkSeconds: firstOutputMs === undefined ? undefined : this.#secondsUntil(firstOutputMs),
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
  const series = bindOperation(context, operation);
  if (options.model !== undefined) context.modelSeries(options.model);
  return () => new CallRecord(context, options, operation, series);
}

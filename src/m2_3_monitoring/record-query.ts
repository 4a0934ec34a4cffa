import { randomUUID } from 'node:crypto';
import type { CallContext } from './call-context.js';
import { bindOperation, type OperationSeries } from './call-series.js';
import type { Status } from './catalogue.js';
import type { AnyFunction } from './functions.js';
import { errorType, statusOfError } from './outcome.js';
import type { MonitoredQueryOptions, QueryRecord, RecordingContext } from './query-record.js';
import { type QueryFacts, readPlain, readResult } from './read-result.js';
import { isNumber, recordUsage } from './record-usage.js';
import { createStreamReader, findFailure, type StreamReader } from './stream-reader.js';

/** What all calls of one monitored function have in common. */
interface Site {
  context: RecordingContext;
  calls: CallContext;
  options: MonitoredQueryOptions;
  series: OperationSeries;
}

/** One call in progress, and everything that is recorded of it. */
class CallRecord implements QueryRecord {
  #open = true;
  #active = true;
  #startMs: number;
  #firstOutputMs: number | undefined = undefined;
  #stream: StreamReader | undefined = undefined;
  #queryId: string | undefined = undefined;

  constructor(private readonly site: Site) {
    this.#startMs = site.context.now();
    site.series.active.add(1);
  }

  get queryId(): string {
    this.#queryId ??= randomUUID();
    return this.#queryId;
  }

  get hasQueryId(): boolean {
    return this.#queryId !== undefined;
  }

  run(call: AnyFunction, self: unknown, values: unknown[]): unknown {
    const { calls } = this.site;
    const outer = calls.enter(this);
    try {
      return Reflect.apply(call, self, values);
    } finally {
      calls.leave(outer);
    }
  }

  restart(): void {
    if (!this.#active) this.#startMs = this.site.context.now();
    this.resume();
  }

  resume(): void {
    if (!this.#open || this.#active) return;
    this.#active = true;
    this.site.series.active.add(1);
  }

  pause(): void {
    if (!this.#active) return;
    this.#active = false;
    this.site.series.active.add(-1);
  }

  succeed(result: unknown): void {
    if (!this.#open) return;
    this.site.calls.remember(result, this);
    const failure = findFailure(result);
    this.#end(failure === undefined ? 'success' : statusOfError(failure), result, failure);
  }

  succeedPlainly(result: unknown): boolean {
    if (this.site.options.extract || this.#stream) return false;
    const facts = readPlain(result);
    if (facts === undefined) return false;
    if (!this.#open) return true;
    if (this.#queryId !== undefined) this.site.calls.remember(result, this);
    this.#record('success', facts, undefined);
    return true;
  }

  fail(error: unknown): void {
    if (this.#open) this.#end(statusOfError(error), undefined, error);
  }

  chunk(chunk: unknown): void {
    if (!this.#open) return;
    this.#stream ??= createStreamReader();
    if (this.#stream.add(chunk) && this.#firstOutputMs === undefined) this.#firstOutputMs = this.site.context.now();
  }

  finish(status: Status, returned?: unknown): void {
    if (!this.#open) return;
    const failure = status === 'success' ? this.#stream?.failure() : undefined;
    this.#end(failure === undefined ? status : statusOfError(failure), returned, failure);
  }

  #extract(result: unknown): unknown {
    const { extract } = this.site.options;
    if (!extract) return result;
    try {
      return extract(result);
    } catch {
      this.site.context.drop('extract', 'unreadable');
      return undefined;
    }
  }

  /** What the result told, or the chunks of the stream and what it returned in the end. */
  #factsOf(result: unknown): QueryFacts {
    const { drop } = this.site.context;
    const facts = readResult(this.#extract(result), drop);
    if (!this.#stream) return facts;
    const streamed = readResult(this.#extract(this.#stream.collected()), drop);
    return { ...streamed, ...definedEntries(facts) };
  }

  #end(status: Status, result: unknown, error: unknown): void {
    this.#open = false;
    this.#record(status, this.#factsOf(result), error);
  }

  #record(status: Status, facts: QueryFacts, error: unknown): void {
    this.#open = false;
    this.pause();
    const { context, options } = this.site;
    try {
      const endMs = context.now();
      this.#recordTimes(endMs, facts);
      this.#recordOutcome(status, error);
      recordUsage(context, facts, status, options, endMs);
      if (context.otel) this.#bridge(endMs, facts, status, error);
    } catch {
      // A fault of the recording must not reach the call that is watched.
      context.drop('query', 'refused');
    }
  }

  #recordTimes(endMs: number, facts: QueryFacts): void {
    const { series, context } = this.site;
    const trace = context.traceAt(endMs);
    const traceId = trace?.sampled ? trace.traceId : undefined;
    const atMs = traceId === undefined ? 0 : context.wallClockAt(endMs);
    series.latency.observe(this.#secondsUntil(endMs), traceId, atMs);
    if (isNumber(facts.relevanceScore)) series.relevance.observe(facts.relevanceScore, traceId, atMs);
    if (isNumber(facts.contextPrecision)) series.precision.observe(facts.contextPrecision, traceId, atMs);
    if (this.#firstOutputMs === undefined) return;
    series.timeToFirstToken().observe(this.#secondsUntil(this.#firstOutputMs), traceId, atMs);
    const perToken = this.#secondsPerToken(endMs, facts.outputTokens);
    if (perToken !== undefined) series.timePerOutputToken().observe(perToken, traceId, atMs);
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
    const { series } = this.site;
    series.requests[status].add(1);
    if (status !== 'success' && status !== 'aborted') series.errors(errorType(error)).add(1);
  }

  #bridge(endMs: number, facts: QueryFacts, status: Status, error: unknown): void {
    const firstOutputMs = this.#firstOutputMs;
    const { context, options } = this.site;
    context.otel?.record({
      provider: options.provider,
      requestModel: options.model,
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
export function createRecorder(
  context: RecordingContext,
  calls: CallContext,
  options: MonitoredQueryOptions,
): () => QueryRecord {
  const series = bindOperation(context, options.operation ?? 'query');
  if (options.model !== undefined) context.modelSeries(options.model);
  const site = { context, calls, options, series };
  return () => new CallRecord(site);
}

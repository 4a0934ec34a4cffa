/**
 * Recording a call once, when it ends.
 *
 * In: a call that ended, and its facts.
 * Out: updates of series.
 * Must not know: what kind of object was watched.
 *
 * @module
 */

import { randomUUID } from 'node:crypto';
import type { CallContext } from '../context/call-context.js';
import type { AnyFunction } from '../interop/replace-method.js';
import type { Status } from '../metrics/catalogue.js';
import { checkFacts, type QueryFacts } from '../result/check-facts.js';
import { errorType, statusOfError } from '../result/error-status.js';
import { findFailure } from '../result/failed-response.js';
import { findFacts, type RawFacts } from '../result/find-facts.js';
import { overrideFacts } from '../result/merge-facts.js';
import { StreamFacts } from '../result/stream-facts.js';
import { StreamSummary } from '../result/stream-summary.js';
import type { QueryRecord } from '../watch/watched-call.js';
import { bindOperation } from './operation-series.js';
import { type CallTimes, type MonitoredFunction, recordEnd } from './record-end.js';
import type { MonitoredQueryOptions, RecordingContext } from './recording-context.js';

/** What a stream has given so far. */
interface StreamProgress {
  facts: StreamFacts;
  /** Only where the function has an `extract`. */
  summary: StreamSummary | undefined;
  firstOutputMs: number | undefined;
}

/** One call in progress. */
class CallRecord implements QueryRecord, CallTimes {
  startMs: number;
  #isOpen = true;
  #isActive = true;
  #stream: StreamProgress | undefined = undefined;
  #queryId: string | undefined = undefined;

  constructor(private readonly monitored: MonitoredFunction) {
    this.startMs = monitored.context.now();
    monitored.series.active.count += 1;
  }

  get firstOutputMs(): number | undefined {
    return this.#stream?.firstOutputMs;
  }

  get queryId(): string {
    this.#queryId ??= randomUUID();
    return this.#queryId;
  }

  get hasQueryId(): boolean {
    return this.#queryId !== undefined;
  }

  takeQueryId(queryId: string): void {
    this.#queryId ??= queryId;
  }

  run(call: AnyFunction, self: unknown, values: unknown[]): unknown {
    const { calls } = this.monitored;
    const outer = calls.enter(this);
    try {
      return Reflect.apply(call, self, values);
    } finally {
      calls.leave(this, outer);
    }
  }

  restart(): void {
    if (this.#isActive) return;
    this.startMs = this.monitored.context.now();
    this.resume();
  }

  resume(): void {
    if (!this.#isOpen || this.#isActive) return;
    this.#isActive = true;
    this.monitored.series.active.count += 1;
  }

  pause(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.monitored.series.active.count -= 1;
  }

  succeed(result: unknown): void {
    if (!this.#close()) return;
    this.monitored.calls.remember(result, this);
    const failure = findFailure(result);
    if (failure === undefined) this.#end('success', this.#factsOf(result));
    else this.#endWith(failure, this.#factsOf(result));
  }

  fail(error: unknown): void {
    if (!this.#close()) return;
    // Some errors carry the usage of an answer that was paid for and cannot be used.
    this.#endWith(error, this.#withStreamed(findFacts(error)));
  }

  chunk(chunk: unknown): void {
    if (!this.#isOpen) return;
    this.#stream ??= this.#startStream();
    const { facts, summary, firstOutputMs } = this.#stream;
    summary?.add(chunk);
    if (facts.add(chunk) && firstOutputMs === undefined) this.#stream.firstOutputMs = this.monitored.context.now();
  }

  finish(status: Status, returned?: unknown): void {
    if (!this.#close()) return;
    const failure = status === 'success' ? this.#stream?.facts.failure : undefined;
    const facts = returned === undefined ? this.#withStreamed({}) : this.#factsOf(returned);
    if (failure === undefined) this.#end(status, facts);
    else this.#endWith(failure, facts);
  }

  /** False where the call has ended already. From here on it is over, also for what foreign code that is read does. */
  #close(): boolean {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.pause();
    return wasOpen;
  }

  #startStream(): StreamProgress {
    const { extract } = this.monitored.options;
    const summary = extract && new StreamSummary(extract.length > 1);
    return { facts: new StreamFacts(), summary, firstOutputMs: undefined };
  }

  #extract(result: unknown, chunks: readonly unknown[] = []): unknown {
    const { options, context } = this.monitored;
    if (!options.extract) return result;
    try {
      return options.extract(result, chunks);
    } catch {
      context.drop('extract', 'unreadable');
      return undefined;
    }
  }

  #factsOf(result: unknown): QueryFacts {
    return this.#withStreamed(findFacts(this.#extract(result)));
  }

  #withStreamed(returned: RawFacts): QueryFacts {
    const { drop } = this.monitored.context;
    const facts = checkFacts(returned, drop);
    if (this.#stream === undefined) return facts;
    const { facts: streamed, summary } = this.#stream;
    const raw = summary ? findFacts(this.#extract(summary.with(streamed.facts), summary.chunks)) : streamed.facts;
    return overrideFacts(checkFacts(raw, drop), facts);
  }

  #endWith(error: unknown, facts: QueryFacts): void {
    const type = errorType(error);
    this.#end(statusOfError(error, type), facts, type);
  }

  #end(status: Status, facts: QueryFacts, type?: string): void {
    recordEnd(this.monitored, this, status, facts, type);
  }
}

/** Prepares the series of one monitored function, and returns what starts the record of one call of it. */
export function createRecorder(
  context: RecordingContext,
  calls: CallContext,
  options: MonitoredQueryOptions,
): () => QueryRecord {
  const series = bindOperation(context, options.operation ?? 'query');
  if (options.model !== undefined) context.modelSeries(options.model);
  const monitored = { calls, context, options, series };
  return () => new CallRecord(monitored);
}

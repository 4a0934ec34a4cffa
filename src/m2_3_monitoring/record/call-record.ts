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
import { isObject } from '../interop/safe-read.js';
import type { Status } from '../metrics/catalogue.js';
import { checkFacts, type QueryFacts } from '../result/check-facts.js';
import { errorType, statusOfError } from '../result/error-status.js';
import { findFailure } from '../result/failed-response.js';
import { findFacts, type RawFacts } from '../result/find-facts.js';
import { overrideFacts } from '../result/merge-facts.js';
import type { QueryRecord } from '../watch/watched-call.js';
import { extractFrom, type MonitoredFunction } from './monitored-function.js';
import { type Cohort, createCohorts, type Tally } from './open-calls.js';
import { bindOperation } from './operation-series.js';
import { type CallTimes, recordEnd } from './record-end.js';
import { recordUsage } from './record-usage.js';
import type { MonitoredQueryOptions, RecordingContext } from './recording-context.js';
import { StreamProgress } from './stream-progress.js';

const never = (_: object) => false;

/** One call in progress. */
class CallRecord implements QueryRecord, CallTimes {
  startMs: number;
  #isOpen = true;
  #isActive = false;
  #stream: StreamProgress | undefined = undefined;
  #queryId: string | undefined = undefined;
  readonly #cohort: Cohort;

  constructor(private readonly monitored: MonitoredFunction) {
    this.startMs = monitored.context.now();
    this.#cohort = monitored.cohort();
    this.#cohort.tally.open += 1;
    this.resume();
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
    this.#cohort.tally.active += 1;
  }

  pause(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.monitored.series.active.count -= 1;
    this.#cohort.tally.active -= 1;
  }

  succeed(result: unknown, goesOn = never): boolean {
    if (!this.#isOpen) return true;
    const facts = findFacts(result);
    if (facts.usage === undefined && isObject(result) && goesOn(result)) return false;
    // Foreign code that was just read may have ended the call.
    if (!this.#close()) return true;
    this.monitored.calls.remember(result, this);
    const known = this.monitored.options.extract ? this.#factsOf(result) : this.#withStreamed(facts);
    const failure = findFailure(result);
    if (failure === undefined) this.#end('success', known);
    else this.#endWith(failure, known);
    return true;
  }

  succeedUnwatched(result: unknown): void {
    if (!this.#isOpen) return;
    this.monitored.context.drop('query', 'unwatchable');
    this.succeed(result);
  }

  fail(error: unknown): void {
    if (!this.#close()) return;
    // Some errors carry the usage of an answer that was paid for and cannot be used.
    this.#endWith(error, this.#withStreamed(findFacts(error)));
  }

  chunk(chunk: unknown): void {
    if (!this.#isOpen) return;
    this.#stream ??= this.#startStream();
    this.#stream.add(chunk);
  }

  finish(status: Status, returned?: unknown): void {
    if (!this.#close()) return;
    const failure = status === 'success' ? this.#stream?.failure : undefined;
    const facts = returned === undefined ? this.#withStreamed({}) : this.#factsOf(returned);
    if (failure === undefined) this.#end(status, facts);
    else this.#endWith(failure, facts);
  }

  /** False where the call has ended already. */
  #close(): boolean {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    this.pause();
    const { tally } = this.#cohort;
    tally.open -= 1;
    if (this.#stream) tally.streams.delete(this.#stream);
    return true;
  }

  #startStream(): StreamProgress {
    const stream = new StreamProgress(this.monitored);
    this.#cohort.tally.streams.add(stream);
    return stream;
  }

  #factsOf(result: unknown): QueryFacts {
    return this.#withStreamed(findFacts(extractFrom(this.monitored, result)));
  }

  #withStreamed(returned: RawFacts): QueryFacts {
    const facts = checkFacts(returned, this.monitored.context.drop);
    return this.#stream ? overrideFacts(this.#stream.read(), facts) : facts;
  }

  #endWith(error: unknown, facts: QueryFacts): void {
    const type = errorType(error);
    this.#end(statusOfError(error, type), facts, type);
  }

  #end(status: Status, facts: QueryFacts, type?: string): void {
    recordEnd(this.monitored, this, status, facts, type);
  }
}

/** Counts calls that will never end as aborted, with what their streams have used. How long they took is not known. */
function recordAbandoned({ series, context, options }: Omit<MonitoredFunction, 'cohort'>, tally: Tally): void {
  try {
    series.active.count -= tally.active;
    series.requests.aborted.add(tally.open);
    for (const stream of tally.streams) recordUsage(context, stream.read(), 'aborted', options, context.now());
  } catch {
    context.drop('query', 'refused');
  }
}

/** Prepares the series of one monitored function, and returns what starts the record of one call of it. */
export function createRecorder(
  context: RecordingContext,
  calls: CallContext,
  options: MonitoredQueryOptions,
): () => QueryRecord {
  const common = { calls, context, options, series: bindOperation(context, options.operation ?? 'query') };
  if (options.model !== undefined) context.modelSeries(options.model);
  const monitored = { ...common, cohort: createCohorts((tally) => recordAbandoned(common, tally)) };
  return () => new CallRecord(monitored);
}

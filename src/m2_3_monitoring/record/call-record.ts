import { randomUUID } from 'node:crypto';
import type { CallContext } from '../context/call-context.js';
import type { AnyFunction } from '../interop/replace-method.js';
import type { Status } from '../metrics/catalogue.js';
import { errorType, statusOfError } from '../result/error-status.js';
import { type QueryFacts, readResult } from '../result/read-result.js';
import { findFailure, StreamReader } from '../result/read-stream.js';
import type { QueryRecord } from '../watch/watched-call.js';
import { recordPlainly } from './fast-record.js';
import { bindOperation } from './operation-series.js';
import { type CallTimes, recordEnd, type Site } from './record-end.js';
import type { MonitoredQueryOptions, RecordingContext } from './recording-context.js';

/** What a stream has given so far. */
interface StreamProgress {
  reader: StreamReader;
  firstOutputMs: number | undefined;
}

/** One call in progress. */
class CallRecord implements QueryRecord, CallTimes {
  startMs: number;
  #open = true;
  #active = true;
  #stream: StreamProgress | undefined = undefined;
  #queryId: string | undefined = undefined;

  constructor(private readonly site: Site) {
    this.startMs = site.context.now();
    site.series.active.count += 1;
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

  adopt(queryId: string): void {
    this.#queryId ??= queryId;
  }

  run(call: AnyFunction, self: unknown, values: unknown[]): unknown {
    const outer = this.site.calls.enter(this);
    try {
      // A stream is asked for its next chunk without a value, nearly always.
      return values.length === 0 ? call.call(self) : Reflect.apply(call, self, values);
    } finally {
      this.site.calls.leave(this, outer);
    }
  }

  restart(): void {
    if (this.#active) return;
    this.startMs = this.site.context.now();
    this.resume();
  }

  resume(): void {
    if (!this.#open || this.#active) return;
    this.#active = true;
    this.site.series.active.count += 1;
  }

  pause(): void {
    if (!this.#active) return;
    this.#active = false;
    this.site.series.active.count -= 1;
  }

  succeed(result: unknown): void {
    if (!this.#open) return;
    this.site.calls.remember(result, this);
    const failure = findFailure(result);
    const facts = this.#factsOf(result);
    if (failure === undefined) this.#end('success', facts);
    else this.#endWith(failure, facts);
  }

  succeedPlainly(result: unknown): boolean {
    if (!this.#open) return true;
    const { site } = this;
    if (this.#stream !== undefined || site.options.extract || site.context.otel) return false;
    if (!recordPlainly(site, this, result)) return false;
    if (this.#queryId !== undefined) site.calls.remember(result, this);
    return true;
  }

  fail(error: unknown): void {
    if (this.#open) this.#endWith(error, this.#factsOf(undefined));
  }

  chunk(chunk: unknown): void {
    if (!this.#open) return;
    this.#stream ??= { reader: new StreamReader(), firstOutputMs: undefined };
    const stream = this.#stream;
    if (stream.reader.add(chunk) && stream.firstOutputMs === undefined) stream.firstOutputMs = this.site.context.now();
  }

  finish(status: Status, returned?: unknown): void {
    if (!this.#open) return;
    const failure = status === 'success' ? this.#stream?.reader.failure : undefined;
    const facts = this.#factsOf(returned);
    if (failure === undefined) this.#end(status, facts);
    else this.#endWith(failure, facts);
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
    // Whatever is read, by code of somebody else's perhaps, is read once.
    this.#open = false;
    const { drop } = this.site.context;
    const streamed = this.#stream && readResult(this.#extract(this.#stream.reader.collected()), drop);
    // Most streams return nothing, and have told all.
    if (streamed && result === undefined) return streamed;
    const facts = readResult(this.#extract(result), drop);
    return streamed ? { ...streamed, ...definedEntries(facts) } : facts;
  }

  close(): void {
    this.#open = false;
    this.pause();
  }

  #endWith(error: unknown, facts: QueryFacts): void {
    const type = errorType(error);
    this.#end(statusOfError(error, type), facts, type);
  }

  #end(status: Status, facts: QueryFacts, type?: string): void {
    this.close();
    recordEnd(this.site, this, status, facts, type);
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
  const site = { calls, context, options, series };
  return () => new CallRecord(site);
}

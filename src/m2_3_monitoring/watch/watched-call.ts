import type { Identifiable } from '../context/call-context.js';
import type { AnyFunction } from '../interop/replace-method.js';
import type { Status } from '../metrics/catalogue.js';
/** One call in progress. It is recorded once, by whichever ending comes first; nothing here ever throws but `run`, which throws what its work throws. */
export interface QueryRecord extends Identifiable {
  /** Runs a part of the work (a stream's next step) inside the call's context, so that its log lines carry the query's id. */
  run(call: AnyFunction, self: unknown, values: unknown[]): unknown;
  /** The work begins only now (a lazy stream that was asked for its first chunk): the clock starts anew. */
  restart(): void;
  /** Nobody has begun to consume a lazy stream, or asked for a lazy promise: it is not in progress. */
  pause(): void;
  /** Somebody has: it is in progress, by the clock of its start. */
  resume(): void;
  /**
   * The call has returned. False, and nothing is recorded, where the result reports no usage and goes on: the call ends later.
   * @param goesOn whether a result holds what ends later; default: none does
   */
  succeed(result: unknown, goesOn?: (result: object) => boolean): boolean;
  /** The call has returned what cannot be watched to its end: it counts as a success, and the object as one that was missed. */
  succeedUnwatched(result: unknown): void;
  fail(error: unknown): void;
  /** A stream has given a chunk. */
  chunk(chunk: unknown): void;
  /** A stream has ended, or its consumer has stopped early. */
  finish(status: Status, returned?: unknown): void;
}

/**
 * Watching a call until it ends, whatever it returns.
 *
 * In: what a call returned.
 * Out: its steps, and its one end.
 * Must not know: series, prices.
 *
 * @module
 */

import { isFunction } from '../interop/replace-method.js';
import { isData, isObject, peek } from '../interop/safe-read.js';
import { holdsStream, watchStreamsIn } from './streams-in.js';
import { followFrozenPromise, isNativePromise, keepProperties, type Then, watchPromise } from './watch-promise.js';
import { isStream, watchStream } from './watch-stream.js';
import type { QueryRecord } from './watched-call.js';

/** Watches what a promise gave; most is data, which has no further end. */
function settle(this: QueryRecord, value: unknown): unknown {
  if (isObject(value) ? isData(value) : !isFunction(value)) watchData(value, this);
  else return watchObject(value as object, this);
  return value;
}

function watchData(value: unknown, record: QueryRecord): void {
  const isComplete = record.succeed(value, holdsStream);
  if (!isComplete) watchStreamsIn(value as object, record);
}

/** Watches what is more than data: a lazy promise, a stream, an object of a client. */
function watchObject(value: object, record: QueryRecord): unknown {
  try {
    const then = peek(value, 'then');
    if (isFunction(then)) return watchThenable(value, then, record);
    if (!isStream(value)) watchData(value, record);
    else {
      const watched = watchStream(value, record);
      if (watched) return watched;
      record.succeedUnwatched(value);
    }
  } catch {
    // A proxy that throws on every question: the caller gets what the call returned.
    record.succeedUnwatched(undefined);
  }
  return value;
}

/** Some thenables, such as a client's runner of tools, are streams too: how they are consumed first is what is recorded. */
function watchThenable(value: object, then: Then, record: QueryRecord): unknown {
  if (!watchPromise(value, then, record, watchValue)) return followFrozenPromise(value, then, record, watchValue);
  if (isStream(value)) watchStream(value, record);
  return value;
}

function fail(this: QueryRecord, promise: Promise<unknown>, error: unknown): unknown {
  this.fail(error);
  // Rejects with the same error, in a third of the time that throwing it again takes.
  return promise;
}

/**
 * Follows what an async function returned: a promise of Node's own class. The caller gets an equal one, so that an unhandled
 * rejection stays unhandled; it cannot be watched in place, for `await` does not ask for the `then` of such a promise. Bound
 * functions are made, and called once, in less time than closures.
 */
export function followPromise(promise: Promise<unknown>, record: QueryRecord): Promise<unknown> {
  return promise.then(settle.bind(record), fail.bind(record, promise));
}

/** Watches what a call returned to its true end, and gives what the caller gets: the same object, or one just like it. */
export function watchValue(value: unknown, record: QueryRecord): unknown {
  if (isNativePromise(value)) return keepProperties(value, followPromise(value, record));
  return settle.call(record, value);
}

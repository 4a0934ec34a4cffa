/**
 * Watching a call until it ends, whatever it returns.
 *
 * In: what a call returned.
 * Out: its steps, and its one end.
 * Must not know: series, prices.
 *
 * @module
 */

import { errorMonitor } from 'node:events';
import { Readable } from 'node:stream';
import { isFunction, replaceMethod } from '../interop/replace-method.js';
import { isData, peek } from '../interop/safe-read.js';
import { isGenerator, watchIterator } from './watch-iterator.js';
import { isNativePromise, keepProperties, watchPromise } from './watch-promise.js';
import { watchClientStream } from './watch-sdk-stream.js';
import { watchReadableStream } from './watch-web-stream.js';
import type { QueryRecord } from './watched-call.js';

function watchNodeStream(stream: Readable, record: QueryRecord): void {
  // In progress from the moment it is filled: perhaps nobody will ask.
  record.pause();
  // A listener for `data` would set the stream flowing; what fills it passes here.
  const push = peek(stream, 'push');
  if (isFunction(push)) {
    replaceMethod(stream, 'push', (chunk: unknown, ...rest: unknown[]) => {
      record.resume();
      if (chunk !== null) record.chunk(chunk);
      return push.call(stream, chunk, ...rest);
    });
  }
  // A listener for `error` would keep an error that nobody handles from being noticed.
  stream.once(errorMonitor, (error) => record.fail(error));
  stream.once('end', () => record.finish('success'));
  stream.once('close', () => record.finish('aborted'));
}

/** Watches a value that is a stream of some kind; undefined where it is none. Lazy ones are in progress once consumed. */
function watchStream(value: object, record: QueryRecord): unknown {
  if (value instanceof ReadableStream) return watchReadableStream(value, record);
  if (value instanceof Readable) {
    watchNodeStream(value, record);
    return value;
  }
  if (isGenerator(value)) {
    record.pause();
    if (!watchIterator(value, record)) return undefined;
    return value;
  }
  return watchClientStream(value, record) ? value : undefined;
}

/** Watches what a promise gave; most is data, which has no further end. */
function settle(this: QueryRecord, value: unknown): unknown {
  if ((typeof value !== 'object' || value === null || isData(value)) && typeof value !== 'function') {
    this.succeed(value);
    return value;
  }
  return watchClosely(value, this);
}

function fail(this: QueryRecord, promise: Promise<unknown>, error: unknown): unknown {
  this.fail(error);
  // Rejects with the same error, in a third of the time that throwing it again takes.
  return promise;
}

/**
 * Follows what an async function returned: a promise of Node's own on which nothing hangs. The caller gets an equal one, so
 * that an unhandled rejection stays unhandled; it cannot be watched in place, for `await` does not ask for the `then` of such
 * a promise. Bound functions are made, and called once, in less time than closures.
 */
export function followPromise(promise: Promise<unknown>, record: QueryRecord): Promise<unknown> {
  return promise.then(settle.bind(record), fail.bind(record, promise));
}

function watchClosely(value: object, record: QueryRecord): unknown {
  try {
    const then = peek(value, 'then');
    if (isFunction(then)) return watchPromise(value, then, record, watchValue);
    const stream = watchStream(value, record);
    if (stream !== undefined) return stream;
    record.succeed(value);
  } catch {
    // A proxy that does not even say what it is: the call has succeeded, and the caller gets what it returned.
    record.succeed(undefined);
  }
  return value;
}

/** Watches what a call returned to its true end, and gives what the caller gets: the same object, or one just like it. */
export function watchValue(value: unknown, record: QueryRecord): unknown {
  if (isNativePromise(value)) return keepProperties(value, followPromise(value, record));
  return settle.call(record, value);
}

import { errorMonitor } from 'node:events';
import { Readable } from 'node:stream';
import { isFunction, replaceMethod } from './functions.js';
import type { QueryRecord } from './query-record.js';
import { isObject, peek } from './safe-read.js';
import { watchClientStream } from './watch-client-streams.js';
import { isGenerator, watchIterator } from './watch-iterator.js';
import { followPromise, isNativePromise, watchPromise } from './watch-promise.js';
import { watchReadableStream } from './watch-readable-stream.js';

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

function watchUnsafely(value: unknown, record: QueryRecord): unknown {
  if (isObject(value) || isFunction(value)) {
    if (isNativePromise(value)) return followPromise(value, record, watchValue);
    if (record.succeedPlainly(value)) return value;
    const then = peek(value, 'then');
    if (isFunction(then)) return watchPromise(value, then, record, watchValue);
    const stream = watchStream(value, record);
    if (stream !== undefined) return stream;
  }
  record.succeed(value);
  return value;
}

/** Watches what a call returned to its true end, and gives what the caller gets: the same object, or one just like it. */
export function watchValue(value: unknown, record: QueryRecord): unknown {
  try {
    return watchUnsafely(value, record);
  } catch {
    // A proxy that does not even say what it is: the call has succeeded, and the caller gets what it returned.
    record.succeed(undefined);
    return value;
  }
}

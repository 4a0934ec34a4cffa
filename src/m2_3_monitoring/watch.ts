import { errorMonitor } from 'node:events';
import { Readable } from 'node:stream';
import { isObject, peek } from './safe-read.js';
import { watchClientStream } from './watch-client-streams.js';
import { isGenerator, watchIterator } from './watch-iterator.js';
import { watchPromise } from './watch-promise.js';
import { watchReadableStream } from './watch-readable-stream.js';
import { isFunction, replaceMethod, type Watcher } from './watcher.js';

function watchNodeStream(stream: Readable, { record }: Watcher): void {
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
function watchStream(value: object, watcher: Watcher): unknown {
  if (value instanceof ReadableStream) return watchReadableStream(value, watcher);
  if (value instanceof Readable) {
    watchNodeStream(value, watcher);
    return value;
  }
  if (isGenerator(value)) {
    watcher.record.pause();
    if (!watchIterator(value, watcher)) return undefined;
    return value;
  }
  return watchClientStream(value, watcher) ? value : undefined;
}

/** A thing that may be a stream or a promise has one of these. */
interface Suspicious {
  then?: unknown;
  next?: unknown;
  _emit?: unknown;
  baseStream?: unknown;
  [Symbol.asyncIterator]?: unknown;
}

/** Whether a value is data and nothing else, as nearly every result is: then the closer looks below can be left out. */
function isData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const { then, next, _emit, baseStream, [Symbol.asyncIterator]: iterate } = value as Suspicious;
  return (then ?? next ?? _emit ?? baseStream ?? iterate) === undefined;
}

function watchUnsafely(value: unknown, watcher: Watcher): unknown {
  if (!isData(value) && (isObject(value) || isFunction(value))) {
    const then = peek(value, 'then');
    if (isFunction(then)) return watchPromise(value, then, watcher, watchValue);
    const stream = watchStream(value, watcher);
    if (stream !== undefined) return stream;
  }
  watcher.context.remember(value, watcher.record);
  watcher.record.succeed(value);
  return value;
}

/** Watches what a call returned to its true end, and gives what the caller gets: the same object, or one just like it. */
export function watchValue(value: unknown, watcher: Watcher): unknown {
  try {
    return watchUnsafely(value, watcher);
  } catch {
    // A proxy that does not even say what it is: the call has succeeded, and the caller gets what it returned.
    watcher.record.succeed(undefined);
    return value;
  }
}

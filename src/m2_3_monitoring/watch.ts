import { finished, Readable } from 'node:stream';
import { isObject, peek } from './safe-read.js';
import { watchClientStream } from './watch-client-streams.js';
import { isGenerator, watchIterator } from './watch-iterator.js';
import { watchPromise } from './watch-promise.js';
import { watchReadableStream } from './watch-readable-stream.js';
import { isFunction, type Watcher } from './watcher.js';

function watchNodeStream(stream: Readable, { record }: Watcher): void {
  finished(stream, { writable: false }, (error) => {
    if (!error) record.finish('success');
    else if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') record.finish('aborted');
    else record.fail(error);
  });
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
    watchIterator(value, watcher);
    return value;
  }
  return watchClientStream(value, watcher) ? value : undefined;
}

function watchUnsafely(value: unknown, watcher: Watcher): unknown {
  if (isObject(value) || isFunction(value)) {
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

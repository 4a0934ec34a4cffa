import { Readable } from 'node:stream';
import { isGenerator, watchIterator } from './watch-iterator.js';
import { watchNodeStream } from './watch-node-stream.js';
import { watchResponse } from './watch-response.js';
import { isClientStream, watchClientStream } from './watch-sdk-stream.js';
import { watchReadableStream } from './watch-web-stream.js';
import type { QueryRecord } from './watched-call.js';

/** Whether a value is a stream of some kind that has not ended and that no consumer has taken. */
export function isStream(value: object): boolean {
  if (value instanceof Readable) return !value.destroyed && !value.readableEnded;
  if (value instanceof ReadableStream) return !value.locked;
  if (value instanceof Response) return value.body !== null && !value.bodyUsed && !value.body.locked;
  return isGenerator(value) || isClientStream(value);
}

/**
 * Watches a stream of some kind, and gives what its consumer gets: the same object, or one just like it. Lazy ones are in
 * progress once they are consumed. Undefined where it cannot be changed.
 */
export function watchStream(value: object, record: QueryRecord): object | undefined {
  if (value instanceof ReadableStream) return watchReadableStream(value, record);
  if (value instanceof Response) return watchResponse(value, record);
  if (value instanceof Readable) {
    watchNodeStream(value, record);
    return value;
  }
  if (isGenerator(value)) {
    record.pause();
    return watchIterator(value, record) ? value : undefined;
  }
  return watchClientStream(value, record) ? value : undefined;
}

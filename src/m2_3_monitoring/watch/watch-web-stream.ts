import type { ReadableStreamReadResult, UnderlyingSource } from 'node:stream/web';
import type { QueryRecord } from './watched-call.js';

function isByteStream(stream: ReadableStream): boolean {
  try {
    stream.getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

/** Reads a stream on behalf of the one that stands for it, and records each step. */
function recordedSource(stream: ReadableStream, record: QueryRecord, take: (chunk: unknown) => void) {
  let reader: ReadableStreamDefaultReader | undefined;
  const close = (controller: ReadableStreamDefaultController | ReadableByteStreamController) => {
    record.finish('success');
    controller.close();
    // A reader with a buffer of its own waits for this word that the buffer will stay empty.
    (controller as ReadableByteStreamController).byobRequest?.respond(0);
  };
  return {
    type: isByteStream(stream) ? ('bytes' as const) : undefined,
    async pull(controller: ReadableStreamDefaultController | ReadableByteStreamController) {
      record.resume();
      reader ??= stream.getReader();
      try {
        const { done, value } = (await record.run(reader.read, reader, [])) as ReadableStreamReadResult<never>;
        if (done) return close(controller);
        take(value);
        controller.enqueue(value);
      } catch (error) {
        record.fail(error);
        controller.error(error);
      }
    },
    cancel(reason: unknown) {
      record.finish('aborted');
      return reader ? reader.cancel(reason) : stream.cancel(reason);
    },
  } as UnderlyingSource;
}

/**
 * A web stream cannot be watched in place: its methods reach its queue past any replacement. This gives one just like it,
 * which takes a chunk when it is asked for one and never before, and keeps the properties of the original.
 */
export function watchReadableStream(
  stream: ReadableStream,
  record: QueryRecord,
  take: (chunk: unknown) => void = (chunk) => record.chunk(chunk),
): ReadableStream {
  // In progress from the moment it is consumed, which may be never.
  record.pause();
  const watched = new ReadableStream(recordedSource(stream, record, take), { highWaterMark: 0 });
  const prototype = Object.getPrototypeOf(stream);
  if (prototype !== ReadableStream.prototype) Object.setPrototypeOf(watched, prototype);
  const own = Object.entries(Object.getOwnPropertyDescriptors(stream)).filter(([, { configurable }]) => configurable);
  Object.defineProperties(watched, Object.fromEntries(own));
  const iterate = Object.getOwnPropertyDescriptor(stream, Symbol.asyncIterator);
  return iterate ? Object.defineProperty(watched, Symbol.asyncIterator, iterate) : watched;
}

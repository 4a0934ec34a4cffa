import { errorMonitor } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { isFunction, replaceMethod } from '../interop/replace-method.js';
import { peek } from '../interop/safe-read.js';
import type { QueryRecord } from './watched-call.js';

const hasHungUp = ({ destroyed, writableFinished }: Writable): boolean => destroyed && !writableFinished;

/** The streams that a stream was piped into from now on, as `pipeline` does too. */
function destinationsOf(stream: Readable): Writable[] {
  const destinations: Writable[] = [];
  const pipe = peek(stream, 'pipe');
  if (isFunction(pipe)) {
    replaceMethod(stream, 'pipe', (destination: Writable, ...rest: unknown[]) => {
      destinations.push(destination);
      return pipe.call(stream, destination, ...rest);
    });
  }
  return destinations;
}

/** Watches a stream of Node in place. */
export function watchNodeStream(stream: Readable, record: QueryRecord): void {
  // In progress from the moment it is filled, which may be never.
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
  const destinations = destinationsOf(stream);
  // A listener for `error` would keep an error that nothing handles from being noticed.
  stream.once(errorMonitor, (error) => {
    // `pipeline` destroys its source with an error where a destination, such as a client's connection, has closed early.
    if (destinations.some(hasHungUp)) record.finish('aborted');
    else record.fail(error);
  });
  stream.once('end', () => record.finish('success'));
  stream.once('close', () => record.finish('aborted'));
}

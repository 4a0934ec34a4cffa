import type { LogDestination } from './standard-output.js';

/** What a caller gives as destination: a stream, or anything else with these methods. */
export interface GivenDestination {
  write(line: string): unknown;
  flush?(): unknown;
}

const ignore = (): void => undefined;

/** Calls foreign code, which may throw, or answer with a promise that rejects. */
function attempt(call: () => unknown, onFailure: () => void): void {
  try {
    const answer = call();
    if (typeof (answer as PromiseLike<unknown> | undefined)?.then === 'function')
      Promise.resolve(answer).catch(onFailure);
  } catch {
    onFailure();
  }
}

/** A destination of the caller's, of which a failure costs no more than the line. */
export const safeDestination = (given: GivenDestination, onDrop: () => void): LogDestination => ({
  write: (line) => attempt(() => given.write(line), onDrop),
  flush: () => attempt(() => given.flush?.(), ignore),
});

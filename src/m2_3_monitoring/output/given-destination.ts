import type { LogDestination } from './standard-output.js';

/** What a caller gives as destination: a stream, or anything else with these methods. */
export interface GivenDestination {
  write(line: string): unknown;
  flush?(): unknown;
}

function catchRejection(answer: unknown, onFailure: () => void): void {
  if (typeof (answer as PromiseLike<unknown> | undefined)?.then === 'function')
    Promise.resolve(answer).catch(onFailure);
}

/** A destination of the caller's. That it throws, or answers with a promise that rejects, costs no more than the line. */
export const safeDestination = (given: GivenDestination, onDrop: () => void): LogDestination => ({
  write(line) {
    try {
      catchRejection(given.write(line), onDrop);
    } catch {
      onDrop();
    }
  },
  flush() {
    try {
      catchRejection(given.flush?.(), () => undefined);
    } catch {
      // What it keeps is kept.
    }
  },
});

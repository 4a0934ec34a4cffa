// The kernel survives an unhandled rejection and says nothing of it: without this, a lost error would go unseen.
const late: unknown[] = [];
let watching = false;

/** Remembers every error that no cell sees, from now on. */
export function watchForLateErrors(): void {
  if (watching) return;
  watching = true;
  for (const event of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(event, (error: unknown) => late.push(error));
}

/** @throws {AggregateError} if any was remembered */
export function assertNoLateErrors(): void {
  if (late.length > 0) throw new AggregateError(late.splice(0), 'errors that no cell saw');
}

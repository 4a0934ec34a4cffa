import { setTimeout as wait } from 'node:timers/promises';
import { newDisplay } from 'tslab';
import { type PictureOptions, panelInCell } from './panels-in-cells.js';

export interface WatchOptions<Result> extends PictureOptions {
  /** The picture is drawn anew until this has settled. */
  during?: Promise<Result>;
  /** Ends the watching too. */
  signal?: AbortSignal;
  /** Time between two pictures. Default: 1 */
  everySeconds?: number;
}

/** Resolves when it is over; what it was does not matter here. */
function endOf({ during, signal }: WatchOptions<unknown>): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  const settled = during?.then(
    () => {},
    () => {},
  );
  return Promise.race([aborted, ...(settled ? [settled] : [])]);
}

/** Draws until the end, and once more at the end. */
async function redraw(draw: () => Promise<void>, end: Promise<void>, everySeconds: number): Promise<void> {
  const ending = new AbortController();
  void end.then(() => ending.abort());
  while (!ending.signal.aborted) {
    await draw();
    await wait(everySeconds * 1000, undefined, { signal: ending.signal }).catch(() => {});
  }
  await draw();
}

/**
 * Shows a panel that is drawn anew while something runs, and returns what that gave.
 * @example const load = await watchPanel('Query Latency', { prometheus, during: runLoad(rag, 30) });
 */
export async function watchPanel<Result = void>(title: string, options: WatchOptions<Result>): Promise<Result> {
  const { during, signal, everySeconds = 1 } = options;
  if (!during && !signal) throw new Error('`during`: expected a promise to wait for (or a `signal`), got neither');
  const output = newDisplay();
  const draw = async () => output.html(await panelInCell(title, options));
  const drawing = redraw(draw, endOf(options), everySeconds);
  // A picture that fails does not lose the result: both are awaited, and the load's own error comes first.
  const [result, drawn] = await Promise.allSettled([during as Promise<Result>, drawing]);
  if (result.status === 'rejected') throw result.reason;
  if (drawn.status === 'rejected') throw drawn.reason;
  return result.value;
}

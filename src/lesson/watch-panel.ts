import { setTimeout as wait } from 'node:timers/promises';
import { newDisplay } from 'tslab';
import { invalidOption } from '../m2_3_monitoring/errors/index.js';
import {
  type FullPictureOptions,
  type PictureOptions,
  panelInCell,
  scrapeIntervalSeconds,
  withPrometheus,
} from './panels-in-cells.js';

export interface WatchOptions<Result> extends PictureOptions {
  /** The picture is drawn anew until this has settled, and for two scrapes more, so that its end is in the picture. */
  during?: Promise<Result>;
  /** Ends the watching too. */
  signal?: AbortSignal;
  /** Time between two pictures. Default: 1 */
  everySeconds?: number;
}

/** What happened last is in Prometheus after the next scrape, and in the picture a step later. */
const SCRAPES_AFTER = 2;

/** Resolves when it is over; what it was does not matter here. */
function endOf({ during, signal, prometheus }: WatchOptions<unknown> & FullPictureOptions): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  const seen = async () => {
    const scrapeSeconds = await scrapeIntervalSeconds(prometheus);
    await wait(SCRAPES_AFTER * scrapeSeconds * 1000);
  };
  const settled = during?.then(seen).catch(() => {});
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
 * @example const load = await watchPanel('Query Latency', { during: runLoad(rag, 30) });
 */
export async function watchPanel<Result = void>(title: string, options: WatchOptions<Result>): Promise<Result> {
  const { during, signal, everySeconds = 1 } = options;
  if (!during && !signal) throw invalidOption('during', 'a promise to wait for, or a `signal`', during);
  // Whatever it gives is looked at below; until then it is no lost error.
  during?.catch(() => undefined);
  const output = newDisplay();
  const full = await withPrometheus(options);
  const draw = async () => output.html(await panelInCell(title, full));
  const drawing = redraw(draw, endOf(full), everySeconds);
  // Both are awaited, so that no error is left behind; the load's own comes first.
  const [result, drawn] = await Promise.allSettled([during as Promise<Result>, drawing]);
  if (result.status === 'rejected') throw result.reason;
  if (drawn.status === 'rejected') throw drawn.reason;
  return result.value;
}

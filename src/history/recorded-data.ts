import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readBlocks } from './blocks.js';
import type { History } from './marker.js';
import { runPromtool } from './promtool.js';
import { JOB } from './series-set.js';

const hasWriteAheadLog = (folder: string) =>
  existsSync(join(folder, 'wal')) && readdirSync(join(folder, 'wal')).length > 0;

const othersBlocks = (folder: string, history: History | undefined) =>
  readBlocks(folder).filter(({ ulid }) => !history?.blocks.includes(ulid));

const earliest = (milliseconds: number[]) =>
  milliseconds.length === 0 ? undefined : milliseconds.reduce((first, one) => Math.min(first, one)) / 1000;

/**
 * When the first good scrape of the service was recorded in a data folder, in seconds since 1970, besides the history
 * there; undefined where none was. A history has to end before: the counters of two processes in one series read as resets.
 * The folder is only read, so that a Prometheus may be running on it.
 */
export async function firstRecordedSeconds(folder: string, history: History | undefined): Promise<number | undefined> {
  // Without a write-ahead log, which promtool could not do without, no Prometheus has run here: others' blocks count whole.
  if (!hasWriteAheadLog(folder)) return earliest(othersBlocks(folder, history).map(({ minTime }) => minTime));
  const args = ['tsdb', 'dump', `--match=up{job="${JOB}"}`];
  if (history) args.push(`--min-time=${history.endSeconds * 1000 + 1}`);
  const lines = await runPromtool([...args, folder]);
  return earliest([...lines.matchAll(/ 1 (\d+)$/gm)].map(([, milliseconds]) => Number(milliseconds)));
}

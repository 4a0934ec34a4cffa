import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readBlocks } from './blocks.js';
import type { History } from './marker.js';
import { runPromtool } from './promtool.js';
import { JOB } from './series-set.js';

const hasWriteAheadLog = (folder: string) =>
  existsSync(join(folder, 'wal')) && readdirSync(join(folder, 'wal')).length > 0;

/**
 * When the first good scrape of the service was recorded in a data folder, in seconds since 1970, besides the history
 * there; undefined where none was. A history has to end before: the counters of two processes in one series read as resets.
 * The folder is only read, so that a Prometheus may be running on it.
 */
export async function firstRecordedSeconds(folder: string, history: History | undefined): Promise<number | undefined> {
  if (readBlocks(folder).length === 0 && !hasWriteAheadLog(folder)) return undefined;
  const lines = await runPromtool(['tsdb', 'dump', `--match=up{job="${JOB}"}`, folder]);
  const times = [...lines.matchAll(/ 1 (\d+)$/gm)].map(([, milliseconds]) => Number(milliseconds) / 1000);
  const recorded = times.filter((seconds) => !history || seconds > history.endSeconds);
  return recorded.length === 0 ? undefined : recorded.reduce((first, seconds) => Math.min(first, seconds));
}

import { accessSync, constants, rmSync, statfsSync } from 'node:fs';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { makeFolder, REPOSITORY, requireTool, stackPaths } from '../stack/index.js';
import { runFolder } from '../stack/process/temporary-folder.js';
import { explained } from './explain-folder.js';
import { installBlocks } from './install.js';
import { makeBlocks, type Progress } from './make-blocks.js';
import { type History, readHistory, removeHistory } from './marker.js';
import { firstRecordedSeconds } from './recorded-data.js';
import { SCRAPE_SECONDS } from './timeline.js';

/** Where the native stack keeps its data: in STACK_FOLDER. */
export const DATA_FOLDER = stackPaths().prometheus;

/** What both ways of writing a history take. */
export interface TrafficOptions {
  /** Seconds since 1970. Default: now, or just before the first scrape that was recorded. */
  endSeconds?: number;
  /** Default: 7. */
  days?: number;
  /** Same seed and end: same traffic. Default: 1. */
  seed?: number;
  /** `host:port`, as the label `instance` of the scrapes has it. Default: `127.0.0.1:8000`. */
  target?: string;
  /** Replaces the history that is there; else that is an error. Default: false. */
  force?: boolean;
  onProgress?: Progress;
}

export interface HistoryOptions extends TrafficOptions {
  /** The data folder of Prometheus; made where it is missing. */
  folder: string;
}

const SPACE_BYTES = 450 * 2 ** 20;

/** Finds out before the work whether its result can be kept. */
function prepareFolder(folder: string): void {
  makeFolder(folder);
  accessSync(folder, constants.W_OK | constants.X_OK);
  for (const place of [folder, REPOSITORY]) {
    const { bavail, bsize } = statfsSync(place);
    if (bavail * bsize < SPACE_BYTES) throw explained(Object.assign(new Error(), { code: 'ENOSPC' }), place);
  }
}

/** The last scrape of a history that ends when it should, and before what was recorded. */
export function lastScrapeSeconds(wantedSeconds: number, recordedSeconds = Number.POSITIVE_INFINITY): number {
  const latestSeconds = Math.min(wantedSeconds, recordedSeconds - SCRAPE_SECONDS);
  return Math.floor(latestSeconds / SCRAPE_SECONDS) * SCRAPE_SECONDS;
}

/** @throws {CodedError} `ERR_HISTORY_EXISTS` where there is a history that is not to be replaced */
export function assertReplaceable(history: History | undefined, force: boolean, place: string): void {
  if (!history || force) return;
  const day = new Date(history.endSeconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
  throw new CodedError(
    `${place} has a history already (${history.days} days until ${day} UTC, seed ${history.seed}): --force replaces it`,
    'ERR_HISTORY_EXISTS',
  );
}

async function write({ folder, force = false, ...options }: HistoryOptions): Promise<History> {
  requireTool('promtool');
  prepareFolder(folder);
  const old = readHistory(folder);
  assertReplaceable(old, force, folder);
  const recordedSeconds = await firstRecordedSeconds(folder, old);
  const { seed = 1, days = 7, target = '127.0.0.1:8000', onProgress = () => undefined } = options;
  const endSeconds = lastScrapeSeconds(options.endSeconds ?? Date.now() / 1000, recordedSeconds);
  const staging = runFolder('history');
  try {
    const history = await makeBlocks(staging, { seed, days, endSeconds, target }, onProgress);
    if (old) removeHistory(folder, old);
    installBlocks(staging, folder, history);
    return history;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * Writes a history into a data folder of Prometheus: a week of traffic with two incidents, and what the recording rules give
 * over it. All of it or nothing; a Prometheus that runs on the folder sees it within about a minute.
 * @throws {CodedError} `ERR_HISTORY_EXISTS` or `ERR_HISTORY_FOLDER` where the folder has a history, or cannot take one
 * @throws {CodedError} `ERR_TOOL_MISSING` where Prometheus is not on this machine
 */
export async function writeHistory(options: HistoryOptions): Promise<History> {
  try {
    return await write(options);
  } catch (error) {
    throw explained(error, options.folder);
  }
}

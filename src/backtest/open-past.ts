import { existsSync } from 'node:fs';
import { DATA_FOLDER, type History, readHistory } from '../history/index.js';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { connectPrometheus, type Prometheus } from '../stack/index.js';
import { openData } from './open-data.js';

/** A past to play alerts over. */
export interface OpenPast {
  prometheus: Prometheus;
  fromSeconds: number;
  toSeconds: number;
  /** What `npm run history` has written there; undefined where the past is somebody's own. */
  history: History | undefined;
}

export interface PastOptions {
  /** The URL of a Prometheus that runs. Default: one of our own over `folder`. */
  prometheus?: string | undefined;
  /** Data folder with a history. Default: that of the native stack. */
  folder?: string | undefined;
  /** Default: the whole history, or 7 days. */
  sinceSeconds?: number | undefined;
}

const WEEK_SECONDS = 7 * 86_400;

/** The history in the folder of a Prometheus of this machine. */
async function historyOf(prometheus: Prometheus): Promise<History | undefined> {
  const flags = await prometheus.api<Record<string, string>>('status/flags').catch(() => undefined);
  const folder = flags?.['storage.tsdb.path'];
  return folder?.startsWith('/') && existsSync(folder) ? readHistory(folder) : undefined;
}

async function openRunning(url: string, sinceSeconds = WEEK_SECONDS): Promise<OpenPast> {
  const prometheus = await connectPrometheus(url);
  if (!prometheus)
    throw new CodedError(
      `no Prometheus answers at ${url}: check the address, or leave --prometheus out`,
      'ERR_NO_PROMETHEUS',
    );
  const toSeconds = Math.floor(Date.now() / 1000);
  return { prometheus, fromSeconds: toSeconds - sinceSeconds, toSeconds, history: await historyOf(prometheus) };
}

/**
 * Opens the past that a command was asked for.
 * @throws {CodedError} `ERR_NO_PROMETHEUS` or `ERR_NO_HISTORY` where there is none
 */
export async function openPast({
  prometheus: url,
  folder = DATA_FOLDER,
  sinceSeconds,
}: PastOptions): Promise<OpenPast> {
  if (url !== undefined) return openRunning(url, sinceSeconds);
  const history = readHistory(folder);
  if (!history)
    throw new CodedError(
      `${folder} has no history: "npm run history" writes one, and --prometheus URL asks a Prometheus of your own`,
      'ERR_NO_HISTORY',
    );
  const { startSeconds, endSeconds } = history;
  const fromSeconds = sinceSeconds === undefined ? startSeconds : Math.max(startSeconds, endSeconds - sinceSeconds);
  return { prometheus: await openData(folder), fromSeconds, toSeconds: endSeconds, history };
}

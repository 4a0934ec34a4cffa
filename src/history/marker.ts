import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { type BlockMeta, readBlocks } from './blocks.js';
import type { Incident } from './timeline.js';

/** What was written into a data folder; times are seconds since 1970. */
export interface History {
  seed: number;
  days: number;
  /** `host:port`, as the label `instance` has it. */
  target: string;
  startSeconds: number;
  endSeconds: number;
  deploySeconds: number;
  /** Oldest first. */
  incidents: Incident[];
  /** The names of its blocks as they were written. */
  blocks: string[];
}

/** Prometheus takes no notice of a file that is no block. */
export const MARKER = 'rag-history.json';

/** What `npm run history` wrote into a data folder, with its incidents; undefined where it wrote nothing. */
export function readHistory(folder: string): History | undefined {
  const file = join(folder, MARKER);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as History) : undefined;
}

export function writeMarker(folder: string, history: History): void {
  writeFileSync(join(folder, MARKER), `${JSON.stringify(history, null, 2)}\n`);
}

/**
 * The blocks that hold a history, also where Prometheus has made fewer, longer ones of those that were written.
 * @throws {CodedError} `ERR_HISTORY_EXISTS` where one of them holds recorded data too
 */
export function blocksWithHistory(blocks: BlockMeta[], history: Pick<History, 'blocks'>, place: string): string[] {
  const written = new Set(history.blocks);
  const touched = blocks.filter(({ compaction }) => compaction.sources.some((source) => written.has(source)));
  if (touched.every(({ compaction }) => compaction.sources.every((source) => written.has(source))))
    return touched.map(({ ulid }) => ulid);
  throw new CodedError(
    `Prometheus has put the history in ${place} and what it recorded itself into one block: to begin anew, stop it and delete the data`,
    'ERR_HISTORY_EXISTS',
  );
}

/** Takes a history out of a data folder. @throws {CodedError} `ERR_HISTORY_EXISTS` where recorded data would go with it */
export function removeHistory(folder: string, history: Pick<History, 'blocks'>): void {
  for (const block of blocksWithHistory(readBlocks(folder), history, folder))
    rmSync(join(folder, block), { recursive: true, force: true });
  rmSync(join(folder, MARKER), { force: true });
}

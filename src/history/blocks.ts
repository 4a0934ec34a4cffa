import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { END_OF_SAMPLES } from '../prometheus/exposition.js';
import { runPromtool } from './promtool.js';

/**
 * The longest block that promtool makes of up to a day: 2 h times a power of three, beginning at a multiple of itself.
 * It reads its input once per block, so each file holds the samples of one.
 */
export const BLOCK_SECONDS = 18 * 3600;

/** A number for each block; samples with the same one lie in the same block. */
export const blockOf = (seconds: number): number => Math.floor(seconds / BLOCK_SECONDS);

/** A text file of samples in the OpenMetrics format, written piece by piece. */
export interface SampleFile {
  write(lines: string): void;
  /** Makes a block of it in a folder; the file is gone then. */
  toBlock(folder: string): Promise<void>;
}

export function createSampleFile(path: string): SampleFile {
  const descriptor = openSync(path, 'w');
  return {
    write: (lines) => {
      writeSync(descriptor, lines, null, 'latin1');
    },
    async toBlock(folder) {
      writeSync(descriptor, END_OF_SAMPLES);
      closeSync(descriptor);
      try {
        await runPromtool([
          'tsdb',
          'create-blocks-from',
          'openmetrics',
          '--quiet',
          '--max-block-duration=24h',
          path,
          folder,
        ]);
      } finally {
        rmSync(path, { force: true });
      }
    },
  };
}

/** promtool uses one processor; a third would wait for the traffic to be played. */
const AT_ONCE = 2;

/** Makes a block of a file: waits for a place, and not for the block. */
export type AddBlock = (file: SampleFile) => Promise<void>;

/**
 * Makes blocks in a folder while their files are being written. Whatever happens, nothing writes there any more afterwards, so
 * that the folder may be removed.
 * @throws {CodedError} `ERR_TOOL_FAILED` where a block could not be made; what `writeFiles` throws
 */
export async function makeBlocksOf(folder: string, writeFiles: (add: AddBlock) => Promise<void>): Promise<void> {
  const making = new Set<Promise<void>>();
  const add: AddBlock = async (file) => {
    if (making.size >= AT_ONCE) await Promise.race(making);
    const made = file.toBlock(folder);
    making.add(made);
    // One that failed stays, and is found by the caller that waits.
    made.then(
      () => making.delete(made),
      () => undefined,
    );
  };
  try {
    await writeFiles(add);
    await Promise.all(making);
  } finally {
    await Promise.allSettled(making);
  }
}

/** What Prometheus says of a block, in its meta.json. */
export interface BlockMeta {
  ulid: string;
  /** Milliseconds since 1970. */
  minTime: number;
  maxTime: number;
  stats: { numSamples: number; numSeries: number };
  /** The blocks that it was made of; itself, where of none. */
  compaction: { sources: string[] };
}

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** The whole blocks of a data folder, oldest first; none where there is no folder. */
export function readBlocks(folder: string): BlockMeta[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory() && ULID.test(one.name));
  return names
    .map(({ name }) => JSON.parse(readFileSync(join(folder, name, 'meta.json'), 'utf8')) as BlockMeta)
    .sort((a, b) => a.minTime - b.minTime);
}

import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Prometheus, startPrometheus } from '../stack/index.js';
import { runFolder } from '../stack/process/temporary-folder.js';

/** What lies in a block. Prometheus passes over a block that is itself a link, but not over what is linked in it. */
const BLOCK = /^[0-9A-Z]{26}$/;
/** What was scraped in the last hours, which is in no block yet. */
const RECENT = ['wal', 'chunks_head'];

/** Links the blocks of a data folder into another, and copies what may still change. */
function linkBlocks(dataFolder: string, folder: string): void {
  for (const block of readdirSync(dataFolder).filter((name) => BLOCK.test(name))) {
    mkdirSync(join(folder, block));
    for (const part of readdirSync(join(dataFolder, block)))
      symlinkSync(join(dataFolder, block, part), join(folder, block, part));
  }
  for (const part of RECENT) {
    if (existsSync(join(dataFolder, part))) cpSync(join(dataFolder, part), join(folder, part), { recursive: true });
  }
}

/**
 * Starts a Prometheus over the data in a folder, which is only read: another Prometheus may be running on it.
 * @throws {CodedError} `ERR_TOOL_MISSING` where Prometheus is not on this machine
 */
export async function openData(dataFolder: string): Promise<Prometheus> {
  const folder = runFolder('history');
  try {
    linkBlocks(dataFolder, folder);
    const prometheus = await startPrometheus({ config: '{}', dataFolder: folder });
    return {
      ...prometheus,
      stop: async () => {
        await prometheus.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

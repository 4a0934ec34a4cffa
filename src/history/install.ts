import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type History, removeHistory, writeMarker } from './marker.js';

/** Prometheus deletes a folder with this ending when it starts: one that was not finished. */
const UNFINISHED = '.tmp-for-creation';

/** Moves a block into place in one step, also from another disk. */
function moveBlock(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    cpSync(from, to + UNFINISHED, { recursive: true });
    renameSync(to + UNFINISHED, to);
  }
}

/** Puts the finished blocks into the data folder, or none of them. */
export function installBlocks(staging: string, folder: string, history: History): void {
  // First, so that even a killed process leaves behind what the next one needs to clean up.
  writeMarker(folder, history);
  try {
    for (const block of history.blocks) moveBlock(join(staging, block), join(folder, block));
  } catch (error) {
    for (const block of history.blocks) {
      const unfinished = join(folder, block) + UNFINISHED;
      if (existsSync(unfinished)) rmSync(unfinished, { recursive: true, force: true });
    }
    removeHistory(folder, history);
    throw error;
  }
}

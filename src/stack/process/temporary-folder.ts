import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './repository.js';

const RUN = join(REPOSITORY, '.cache/run');
const folders = new Set<string>();

/** A fresh folder inside the project for a program that this process runs; gone, at the latest, with the process. */
export function runFolder(name: string): string {
  mkdirSync(RUN, { recursive: true });
  const folder = mkdtempSync(join(RUN, `${name}-`));
  if (folders.size === 0) {
    process.once('exit', () => {
      for (const one of folders) rmSync(one, { recursive: true, force: true });
    });
  }
  folders.add(folder);
  return folder;
}

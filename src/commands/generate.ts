import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { config } from '../../config.js';
import { generatedFiles } from '../dashboard/generate.js';
import { REPOSITORY } from '../stack/index.js';

/** Writes every committed file that is made from code. */
export async function runGenerate(): Promise<void> {
  for (const [path, content] of Object.entries(generatedFiles(config))) {
    const file = join(REPOSITORY, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    console.log(`wrote ${path}`);
  }
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { type FixedBody, fixedBody } from './reply.js';

// Beside this file: the build bundles src/page/client into it.
const FOLDER = join(__dirname, 'bundle');
const FILES: Record<string, [file: string, type: string]> = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
};

/** What the page is made of, by its path. @throws {CodedError} `ERR_PAGE_NOT_BUILT` */
export async function loadAssets(): Promise<ReadonlyMap<string, FixedBody>> {
  try {
    const entries = Object.entries(FILES).map(
      async ([path, [file, type]]) => [path, await fixedBody(type, await readFile(join(FOLDER, file)))] as const,
    );
    return new Map(await Promise.all(entries));
  } catch (cause) {
    throw new CodedError('the page is not built: npm run dashboard builds it', 'ERR_PAGE_NOT_BUILT', { cause });
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../src/stack/index.js';

export { REPOSITORY };

/** A path in the repository. */
export const inRepository = (...parts: string[]) => join(REPOSITORY, ...parts);

/** The text of a file of the repository. */
export const readRepositoryFile = (path: string) => readFileSync(inRepository(path), 'utf8');

/** The paths of the programs that set-up found or installed. */
export const knownTools = () => JSON.parse(readRepositoryFile('.cache/tools.json')) as Record<string, string>;

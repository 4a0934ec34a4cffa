import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileRule, parseRules } from '../../prometheus/rule-file.js';
import { REPOSITORY } from '../process/repository.js';

/** The rules in `monitoring/rules`: alerts and recording rules. */
export function committedRules(): FileRule[] {
  const folder = join(REPOSITORY, 'monitoring/rules');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  return files.flatMap((name) => parseRules(readFileSync(join(folder, name), 'utf8')) ?? []);
}

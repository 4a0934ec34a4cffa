import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { inRepository, REPOSITORY } from './helpers/repository.js';

test('every file, export and dependency of the project is used', () => {
  const knip = inRepository('node_modules/knip/bin/knip.js');
  const { stdout, stderr } = spawnSync(process.execPath, [knip, '--no-progress'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  assert.equal(stdout + stderr, '');
});

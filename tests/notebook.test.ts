import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../src/stack/index.js';
import { comparable, executeNotebook, NOTEBOOK, readCells } from './helpers/notebook.js';
import { temporaryFolder } from './helpers/temporary.js';

test('the lesson runs twice in one kernel, and its stored outputs are what it shows', async (t) => {
  const folder = temporaryFolder(t);
  const target = join(folder, 'executed.ipynb');
  const { problems, seconds } = await executeNotebook(NOTEBOOK, target, 2, {
    STACK_FOLDER: join(folder, 'stack'),
    METRICS_PORT: String(await freePort()),
    // Whatever engine the machine has: the stored outputs are those of a machine without one.
    DOCKER_HOST: 'tcp://127.0.0.1:1',
  });
  assert.deepEqual(problems, []);
  t.diagnostic(`two passes took ${seconds} s`);
  const fresh = readCells(target);
  for (const [index, stored] of readCells(NOTEBOOK).entries()) {
    const hint = `cell ${stored.id}: "npm run notebook" stores fresh outputs`;
    assert.equal(comparable(stored), comparable(fresh[index] ?? stored), hint);
  }
});

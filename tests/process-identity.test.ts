import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { identityOf, isRunning } from '../src/stack/process/process-identity.js';

test('a process is known by its id and its start: another one with the same id is not taken for it', () => {
  const own = identityOf(process.pid);
  assert.ok(own);
  assert.equal(isRunning(own), true);
  assert.equal(isRunning({ ...own, started: `${own.started}0` }), false);
  assert.equal(isRunning({ pid: process.pid }), false);
});

test('a process that has ended, and an id that is none, are not running', async () => {
  const child = spawn(process.execPath, ['-e', '0']);
  const identity = identityOf(child.pid);
  assert.ok(identity);
  await once(child, 'close');
  assert.equal(isRunning(identity), false);
  for (const pid of [0, -1, 1.5, Number.NaN, 4_194_304, undefined]) assert.equal(identityOf(pid), undefined);
});

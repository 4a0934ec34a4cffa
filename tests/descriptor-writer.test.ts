import assert from 'node:assert/strict';
import fs, { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDescriptor } from '../src/m2_3_monitoring/output/descriptor-writer.js';
import { temporaryFolder } from './helpers/temporary.js';

/** A file in the place of a pipe, of which the test says what it takes at each attempt: so many bytes, or none with an error. */
function slowPipe(t: TestContext, takes: () => number | string) {
  const file = join(temporaryFolder(t), 'pipe');
  const fd = openSync(file, 'w');
  t.after(() => closeSync(fd));
  const { writeSync } = fs;
  t.mock.method(fs, 'writeSync', (to: number, given: string | Buffer, ...rest: []) => {
    if (to !== fd) return writeSync(to, given as Buffer, ...rest);
    const bytes = takes();
    if (typeof bytes === 'string') throw Object.assign(new Error('not written'), { code: bytes });
    return writeSync(fd, Buffer.from(given as string).subarray(0, bytes));
  });
  return { fd, written: () => readFileSync(file, 'utf8') };
}

test('a line that a pipe takes in parts, with pauses, is written when the call returns', (t) => {
  let attempts = 0;
  const { fd, written } = slowPipe(t, () => (attempts++ % 3 === 2 ? 4 : 'EAGAIN'));
  const writer = openDescriptor(fd, 0, assert.fail);
  writer.write('one line of several parts\n');
  assert.equal(written(), 'one line of several parts\n');
  assert.equal(writer.isBehind(), false);
});

test('a reader that has stopped, and goes on slowly when no more lines can wait, loses none', (t) => {
  let hasStopped = true;
  let isPause = false;
  const { fd, written } = slowPipe(t, () => {
    if (hasStopped) return 'EAGAIN';
    isPause = !isPause;
    return isPause ? 'EAGAIN' : 2 ** 15;
  });
  const writer = openDescriptor(fd, 0, assert.fail);
  const line = `${'x'.repeat(2 ** 16 - 1)}\n`;
  writer.write(line);
  assert.equal(writer.isBehind(), true);
  hasStopped = false;
  for (let index = 1; index < 600; index++) writer.write(line);
  assert.ok(written().length > 20 * 2 ** 20, 'more than can wait is written meanwhile');
  while (writer.isBehind()) writer.flush();
  assert.equal(written().length, 600 * line.length);
});

test('lines are dropped, and counted, only where a reader has stopped and 16 MiB wait', (t) => {
  const { fd } = slowPipe(t, () => 'EAGAIN');
  let dropped = 0;
  const writer = openDescriptor(fd, 0, () => dropped++);
  const line = `${'x'.repeat(2 ** 16 - 1)}\n`;
  for (let index = 0; index < 300; index++) writer.write(line);
  assert.equal(dropped, 300 - 256);
});

test('where the stack ends inside a call, later lines are written all the same', (t) => {
  const file = join(temporaryFolder(t), 'pipe');
  const fd = openSync(file, 'w');
  t.after(() => closeSync(fd));
  const writer = openDescriptor(fd, 0, assert.fail);
  writer.write('first\n');
  const recurse = (...frame: number[]): void => {
    try {
      recurse(...frame);
    } catch (error) {
      try {
        writer.write('deep\n');
      } catch {
        // Too deep.
      }
      throw error;
    }
  };
  // Frames of several sizes, for the stack to end at several places inside.
  for (let size = 0; size < 16; size++) assert.throws(() => recurse(...Array(size).fill(0)), RangeError);
  writer.write('last\n');
  assert.match(readFileSync(file, 'utf8'), /^first\n(?:deep\n)*last\n$/);
});

for (const code of ['EPIPE', 'ENOSPC', 'EIO', 'EBUSY']) {
  test(`lines that are refused with ${code} are written when that is over`, (t) => {
    let isOver = false;
    const { fd, written } = slowPipe(t, () => (isOver ? 1000 : code));
    const writer = openDescriptor(fd, 0, assert.fail);
    writer.write('0\n');
    writer.write('1\n');
    assert.equal(writer.isBehind(), true);
    isOver = true;
    writer.flush();
    assert.equal(written(), '0\n1\n');
    assert.equal(writer.isBehind(), false);
  });
}

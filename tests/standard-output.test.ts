import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

// What happens to log lines on their way out of a process of its own, by default.

const script = (body: string) => `
  const { StructuredLogger } = require(${JSON.stringify(inRepository('dist/src/m2_3_monitoring/index.js'))});
  const logger = new StructuredLogger('api');
  ${body}`;

const numbersIn = (output: string): number[] =>
  output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).number);

const MANY = 'for (let i = 0; i < 5000; i++) logger.logRequest({ query: "x", number: i });';
const ALL = Array.from({ length: 5000 }, (_, number) => number);

test('no line is lost, or written twice, where the process exits right after logging', () => {
  const output = execFileSync(process.execPath, ['-e', script(`${MANY} process.exit(0);`)], { maxBuffer: 1e8 });
  assert.deepEqual(numbersIn(String(output)), ALL);
});

test('nor where an error that nobody caught ends the process, or nothing is left to do', () => {
  for (const end of ['throw new Error("the end");', '']) {
    const { stdout } = spawnSync(process.execPath, ['-e', script(MANY + end)], { encoding: 'utf8', maxBuffer: 1e8 });
    assert.deepEqual(numbersIn(stdout), ALL);
  }
});

test('nor into a file', (t) => {
  const file = join(temporaryFolder(t), 'log');
  const descriptor = openSync(file, 'w');
  spawnSync(process.execPath, ['-e', script(MANY)], { stdio: ['ignore', descriptor, 'inherit'] });
  closeSync(descriptor);
  assert.deepEqual(numbersIn(readFileSync(file, 'utf8')), ALL);
});

test('lines of all kinds keep their order, and say what was so when they were logged', () => {
  const body = `
    const given = { query: 'x', number: 0 };
    logger.logRequest(given);
    given.number = 'changed';
    const tags = ['before'];
    logger.logRequest({ query: 'x', number: 1, tags });
    tags[0] = 'changed';
    let reads = 0;
    logger.logRequest({ query: 'x', get number() { reads += 1; return 1 + reads; } });
    logger.logRequest({ query: { toString() { throw new Error('no text'); } } });
    logger.logError(new RangeError('too far'), { number: 4 });
    process.once('exit', () => logger.logResponse({ durationMs: 5 }));`;
  const { stdout } = spawnSync(process.execPath, ['-e', script(body)], { encoding: 'utf8' });
  const told = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ number, tags, unloggable, error_message, duration_ms }) =>
      [number, tags, unloggable, error_message, duration_ms].filter((value) => value !== undefined),
    );
  assert.deepEqual(told, [[0], [1, ['before']], [2], ['no text'], [4, 'too far'], [5]]);
});

const outputOf = (body: string): string =>
  spawnSync(process.execPath, ['-e', script(body)], { encoding: 'utf8', maxBuffer: 1e8 }).stdout;

test('lines of more characters than are kept in memory arrive all the same, and one that is too long takes no other along', () => {
  const long = "for (let i = 0; i < 100; i++) logger.logRequest({ query: 'x', number: i, long: 'a '.repeat(1e5) });";
  assert.deepEqual(numbersIn(outputOf(long)), ALL.slice(0, 100));
  const tooLong = `
    logger.logRequest({ query: 'x', number: 0 });
    logger.logRequest({ query: 'x', number: 'dropped', long: 'a '.repeat(6e6) });
    logger.logRequest({ query: 'x', number: 1 });`;
  assert.deepEqual(numbersIn(outputOf(tooLong)), [0, 1]);
});

test('what is first said while the process exits arrives', () => {
  const output = outputOf("process.once('exit', () => logger.logRequest({ query: 'x', number: 1 }));");
  assert.deepEqual(numbersIn(output), [1]);
});

test('lines that a full disk has refused are written when there is room again, at the exit too', () => {
  const body = `
    const fs = require('fs');
    const { writeSync } = fs;
    fs.writeSync = () => { throw Object.assign(new Error('full'), { code: 'ENOSPC' }); };
    logger.logRequest({ query: 'x', number: 0 });
    setTimeout(() => { fs.writeSync = writeSync; process.exit(0); }, 200);`;
  assert.deepEqual(numbersIn(outputOf(body)), [0]);
});

test('lines that wait survive that the stack ends where another is logged', () => {
  for (const waiting of [60, 62, 64]) {
    const body = `
      for (let i = 0; i < ${waiting}; i++) logger.logRequest({ query: 'x', number: i });
      const recurse = () => { try { recurse(); } catch (error) { logger.logRequest({ query: 'x', number: -1 }); throw error; } };
      try { recurse(); } catch {}`;
    const numbers = numbersIn(outputOf(body)).filter((number) => number >= 0);
    assert.deepEqual(numbers, ALL.slice(0, waiting));
  }
});

test('a line that waits does not go where somebody has led standard output meanwhile', () => {
  const body = `
    logger.logRequest({ query: 'x', number: 0 });
    process.stdout.write = () => true;
    logger.logRequest({ query: 'x', number: 1 });`;
  assert.deepEqual(numbersIn(outputOf(body)), [0]);
});

test('a line that cannot wait reads each field once, and one that cannot be written says when', () => {
  const body = `
    let reads = 0;
    logger.logRequest({ query: 'x', tags: [1], get number() { return reads++; } });
    logger.logRequest({ query: { toString() { throw new Error('no text'); } } });`;
  const [read, unwritten] = outputOf(body)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(read.number, 0);
  assert.equal(unwritten.unloggable, 'no text');
  assert.ok(Date.now() - Date.parse(unwritten.timestamp) < 60_000, unwritten.timestamp);
});

test('a line arrives although the process goes on', async () => {
  const child = spawn(process.execPath, [
    '-e',
    script('logger.logRequest({ query: "x" }); setInterval(() => 0, 1e6);'),
  ]);
  const [line] = await once(child.stdout, 'data');
  child.kill();
  assert.equal(JSON.parse(String(line)).message, 'Request received');
});

test('a reader that goes away does not end the process', async () => {
  const log = 'logger.logRequest({ query: "x" });';
  const body = `${log} process.stdin.once('data', () => { ${MANY} setTimeout(() => { ${log} console.error('alive'); process.exit(0); }, 200); });`;
  const child = spawn(process.execPath, ['-e', script(body)]);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.stdin.write('go');
  assert.match(await text(child.stderr), /^alive$/m);
});

test('whoever has replaced `process.stdout.write`, as a notebook has, gets each line at once', () => {
  const body = `
    let seen = 0;
    process.stdout.write = () => { seen++; return true; };
    logger.logRequest({ query: 'x' });
    console.error(seen);`;
  const { stderr, stdout } = spawnSync(process.execPath, ['-e', script(body)], { encoding: 'utf8' });
  assert.deepEqual([stderr.trim(), stdout], ['1', '']);
});

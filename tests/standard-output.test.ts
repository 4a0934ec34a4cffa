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

test('lines of more characters than are kept in memory arrive all the same', () => {
  const body = "for (let i = 0; i < 100; i++) logger.logRequest({ query: 'x', number: i, long: 'a '.repeat(1e5) });";
  const output = execFileSync(process.execPath, ['-e', script(body)], { maxBuffer: 1e8 });
  assert.deepEqual(numbersIn(String(output)), ALL.slice(0, 100));
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
  const body = `${log} process.stdin.once('data', () => { ${MANY} setTimeout(() => { ${log} console.error('alive'); process.exit(0); }, 50); });`;
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

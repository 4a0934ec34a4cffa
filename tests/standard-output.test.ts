import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

// What happens to log lines on their way out of a process of its own, by default.

const script = (body: string) => `
  const { registry, StructuredLogger } = require(${JSON.stringify(inRepository('dist/src/m2_3_monitoring/index.js'))});
  const logger = new StructuredLogger('api');
  const log = (number, more) => logger.logRequest({ query: 'x', number, ...more });
  ${body}`;

const run = (body: string, env: NodeJS.Dict<string> = {}) =>
  spawnSync(process.execPath, ['-e', script(body)], {
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: { ...process.env, ...env },
  });

/** A process of which the test reads standard output when it wants to. */
const start = (body: string): ChildProcessByStdio<null, Readable, Readable> =>
  spawn(process.execPath, ['-e', script(body)], { stdio: ['ignore', 'pipe', 'pipe'] });

const numbersIn = (output: string): number[] =>
  output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).number);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const MANY = 'for (let i = 0; i < 5000; i++) log(i);';
/** Fits into what a pipe holds, read or not. */
const SOME = 'for (let i = 0; i < 100; i++) log(i);';

describe('no line is lost', () => {
  for (const [how, end] of Object.entries({
    'the process exits right after logging': 'process.exit(0);',
    'nothing is left to do': '',
    'an error ends the process': 'throw new Error("the end");',
    'a rejection ends the process': 'Promise.reject(new Error("the end"));',
  })) {
    test(`where ${how}`, () => {
      assert.deepEqual(numbersIn(run(MANY + end).stdout), upTo(5000));
    });
  }

  for (const [how, end] of Object.entries({
    'process.abort ends it': 'process.abort();',
    'process.reallyExit ends it': 'process.reallyExit(0);',
    'SIGKILL ends it': "process.kill(process.pid, 'SIGKILL');",
    'SIGTERM ends it': "process.kill(process.pid, 'SIGTERM');",
    'an endless loop holds it, as a frozen process, until it is killed':
      "require('node:child_process').spawn('sh', ['-c', 'sleep 0.2; kill -9 ' + process.pid], { stdio: 'ignore' }); for (;;);",
  })) {
    test(`where ${how} right after logging`, () => {
      assert.deepEqual(numbersIn(run(SOME + end).stdout), upTo(100));
    });
  }

  test('that is logged while the process exits', () => {
    assert.deepEqual(numbersIn(run("process.once('exit', () => log(1));").stdout), [1]);
  });

  test('into a file', (t) => {
    const file = join(temporaryFolder(t), 'log');
    const descriptor = openSync(file, 'w');
    spawnSync(process.execPath, ['-e', script(MANY)], { stdio: ['ignore', descriptor, 'inherit'] });
    closeSync(descriptor);
    assert.deepEqual(numbersIn(readFileSync(file, 'utf8')), upTo(5000));
  });

  test('of worker threads, and none is torn, where the main thread logs too', () => {
    const { stdout } = run(`
      const { Worker } = require('node:worker_threads');
      const body = ${JSON.stringify(script('for (let i = 0; i < 1000; i++) log(i);'))};
      for (let i = 0; i < 3; i++) new Worker(body, { eval: true });
      for (let i = 0; i < 2000; i++) log(i);`);
    assert.equal(numbersIn(stdout).length, 5000);
  });

  test('where a full disk refuses some: they are written when there is room again', () => {
    const { stdout } = run(`
      const fs = require('fs');
      const { writeSync } = fs;
      fs.writeSync = () => { throw Object.assign(new Error('full'), { code: 'ENOSPC' }); };
      log(0);
      log(1);
      fs.writeSync = writeSync;
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1000);`);
    assert.deepEqual(numbersIn(stdout), [0, 1]);
  });
});

describe('a reader of standard output', () => {
  test('that stops does not stop the service, and finds all lines when it goes on', async () => {
    const child = start("for (let i = 0; i < 4000; i++) log(i); console.error('alive'); setInterval(() => 0, 1e6);");
    await once(child.stderr, 'data');
    let output = '';
    for await (const chunk of child.stdout) {
      output += chunk;
      if (output.includes('"number":3999')) child.kill();
    }
    assert.deepEqual(numbersIn(output), upTo(4000));
  });

  test('that stops for long makes the memory grow by 16 MiB; the lines that come then are counted', async () => {
    const child = start(`
      const note = 'word '.repeat(3000);
      for (let i = 0; i < 400; i++) log(i, { a: note, b: note, c: note, d: note });
      registry.getSingleMetricAsString('rag_dropped_values_total').then(console.error);`);
    const [metric] = await once(child.stderr, 'data');
    const dropped = Number(/\{field="log_line",reason="not_written"\} (\d+)/.exec(String(metric))?.[1]);
    const written = numbersIn(await text(child.stdout));
    assert.ok(dropped > 0, String(metric));
    assert.deepEqual(written, upTo(400 - dropped));
  });

  test('that is slow loses nothing', async () => {
    const child = start('for (let i = 0; i < 20_000; i++) log(i);');
    let output = '';
    for await (const chunk of child.stdout) {
      output += chunk;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assert.deepEqual(numbersIn(output), upTo(20_000));
  });

  test('that goes away does not end the process', async () => {
    const child = start(`
      process.on('SIGUSR2', () => { ${MANY} console.error('alive'); process.exit(0); });
      log(0);
      setInterval(() => 0, 1e6);`);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.kill('SIGUSR2');
    assert.equal(await text(child.stderr), 'alive\n');
  });
});

describe('LOG_BUFFER_BYTES', () => {
  const batched = (body: string) => numbersIn(run(body, { LOG_BUFFER_BYTES: '4096' }).stdout);
  const KILL = "process.kill(process.pid, 'SIGKILL');";

  test('makes lines wait for others: a process that is killed takes those along', () => {
    assert.deepEqual(batched(`log(0); log(1); ${KILL}`), []);
    const numbers = batched(`${SOME} ${KILL}`);
    assert.ok(numbers.length > 0 && numbers.length < 100, String(numbers.length));
    assert.deepEqual(numbers, upTo(numbers.length));
  });

  test('keeps no line where the process exits, after a moment, or at `flush`', () => {
    assert.deepEqual(batched(`log(0); log(1); process.exit(0);`), [0, 1]);
    assert.deepEqual(batched(`log(0); log(1);`), [0, 1]);
    assert.deepEqual(batched(`log(0); setTimeout(() => { ${KILL} }, 1000);`), [0]);
    assert.deepEqual(batched(`log(0); logger.flush(); log(1); ${KILL}`), [0]);
  });

  test('does not apply to errors, nor to the lines before them', () => {
    assert.deepEqual(batched(`log(0); logger.logError(new Error('x'), { number: 1 }); log(2); ${KILL}`), [0, 1]);
  });
});

test('lines of all kinds keep their order, and each field is read once', () => {
  const { stdout } = run(`
    let reads = 0;
    log(0);
    logger.logRequest({ query: 'x', tags: [1], get number() { return ++reads; } });
    logger.logError(new RangeError('too far'), { number: 2 });
    logger.logResponse({ durationMs: 5, number: 3 });`);
  assert.deepEqual(numbersIn(stdout), upTo(4));
});

test('a function in the place of `process.stdout.write`, as in a notebook, is given each line at once', () => {
  const { stderr, stdout } = run(`
    log(0);
    let seen = 0;
    process.stdout.write = () => { seen++; return true; };
    log(1);
    console.error(seen);`);
  assert.equal(stderr, '1\n');
  assert.deepEqual(numbersIn(stdout), [0]);
});

test('what Node keeps for such a function is bounded: the lines that come then are counted', () => {
  const { stderr } = run(`
    const { write } = process.stdout;
    process.stdout.cork();
    process.stdout.write = (...given) => write.apply(process.stdout, given);
    const note = 'word '.repeat(3000);
    for (let i = 0; i < 400; i++) log(i, { a: note, b: note, c: note, d: note });
    console.error(process.stdout.writableLength < 17 * 2 ** 20);
    registry.getSingleMetricAsString('rag_dropped_values_total').then((text) => { console.error(text); process.exit(); });`);
  assert.match(stderr, /^true\n/);
  assert.match(stderr, /\{field="log_line",reason="not_written"\} 1\d\d\n/);
});

test('importing the module listens to nothing and keeps nothing running', () => {
  const index = JSON.stringify(inRepository('dist/src/m2_3_monitoring/index.js'));
  const body = `
    const names = process.eventNames().length;
    require(${index});
    console.log(process.eventNames().length - names, process.getActiveResourcesInfo().length);`;
  assert.equal(spawnSync(process.execPath, ['-e', body], { encoding: 'utf8' }).stdout, '0 0\n');
});

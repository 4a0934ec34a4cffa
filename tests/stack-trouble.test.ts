import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { requireTool, stackPaths, startPrometheus, startStack } from '../src/stack/index.js';
import { lockFlags } from '../src/stack/lifecycle/stack-processes.js';
import { inRepository } from './helpers/repository.js';
import { startService, startTestStack } from './helpers/stack.js';
import { temporaryFolder } from './helpers/temporary.js';

const TARGET = '127.0.0.1:1';

/** Starts a stack that cannot start, and gives the one line that says why. */
async function lineOf(options: Partial<Parameters<typeof startStack>[0]>): Promise<string> {
  const ports = { prometheus: 0, alertmanager: 0 };
  const message = await startStack({ target: TARGET, ports, ...options }).then(
    (stack) => stack.stop().then(() => 'it started'),
    (error: Error) => error.message,
  );
  assert.equal(message.split('\n').length, 1, message);
  return message;
}

describe('one clear line says', { concurrency: true }, () => {
  test('one line says that an option of the stack has a wrong value', async () => {
    assert.match(
      await lineOf({ target: '8000' }),
      /^`target`: expected host:port, such as 127\.0\.0\.1:8000, got "8000"/,
    );
    assert.match(await lineOf({ target: 'a:99999' }), /^`target`: expected host:port/);
    assert.match(
      await lineOf({ intervalSeconds: 0 }),
      /^`intervalSeconds`: expected a number from 0\.1 to 3600, got 0/,
    );
    assert.match(await lineOf({ ports: { prometheus: 1.5 } }), /^`ports\.prometheus`: expected an integer/);
  });

  test('one line says that a port of the stack is in use', async (t) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    for (const program of ['Prometheus', 'Alertmanager']) {
      const ports = { prometheus: 0, alertmanager: 0, [program.toLowerCase()]: port };
      const line = await lineOf({ folder: temporaryFolder(t), ports });
      assert.equal(
        line,
        `port ${port} for ${program} is held by another program: stop that, or leave the port to the stack`,
      );
    }
  });

  test('one line says that the folder of the stack lies below a file', async (t) => {
    const file = join(temporaryFolder(t), 'file');
    writeFileSync(file, '');
    assert.match(await lineOf({ folder: join(file, 'stack') }), /lies beneath a file: set STACK_FOLDER to a folder$/);
    assert.match(await lineOf({ folder: file }), /is a file: set STACK_FOLDER to a folder$/);
  });

  const startIn = (folder: string) =>
    `require(${JSON.stringify(inRepository('dist/src/stack/index.js'))}).startStack({ target: '${TARGET}', folder: '${folder}/stack' }).catch((error) => console.log(error.message))`;

  test('one line says that the folder of the stack cannot be written', (t) => {
    const folder = temporaryFolder(t);
    chmodSync(folder, 0o555);
    // Root may write everywhere, and becomes another user.
    const uid = process.getuid?.() === 0 ? 65534 : undefined;
    const { status, stdout } = spawnSync(process.execPath, ['-e', startIn(folder)], { encoding: 'utf8', uid });
    if (status !== 0) return t.skip('no other user may read this repository');
    assert.match(stdout, /^the stack's folder \S+ cannot be written: change its owner.*\n$/);
  });

  test('one line says that the disk of the stack is full or read-only', (t) => {
    const folder = temporaryFolder(t);
    const onDisk = (options: string) => {
      const command = `mount -t tmpfs -o ${options} none ${folder} && exec "$0" -e "$1"`;
      return spawnSync('unshare', ['-rm', 'sh', '-c', command, process.execPath, startIn(folder)], {
        encoding: 'utf8',
      });
    };
    const full = onDisk('size=16k');
    if (full.status !== 0) return t.skip('this machine does not let a test mount a small disk');
    assert.match(full.stdout, /^the stack's folder \S+ is on a full disk: free some space.*\n$/);
    assert.match(onDisk('ro').stdout, /^the stack's folder \S+ is on a read-only disk: .*\n$/);
  });

  test('one line says that a program of the stack is missing, and which command installs it', (t) => {
    const folder = temporaryFolder(t);
    for (const name of ['dist', 'node_modules', 'prometheus.yml', 'monitoring'])
      symlinkSync(inRepository(name), join(folder, name));
    const script = `require('${folder}/dist/src/stack/index.js').startStack({ target: '${TARGET}' }).catch((error) => console.log(error.code, error.message))`;
    const args = ['--preserve-symlinks', '--preserve-symlinks-main', '-e', script];
    const output = execFileSync(process.execPath, args, { encoding: 'utf8', cwd: folder, env: { PATH: folder } });
    assert.match(output, /^ERR_TOOL_MISSING prometheus is not on this machine: "npm run setup" .*\n$/);
  });

  test('one line says that a rule is wrong, and where', async (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, 'broken.yml');
    writeFileSync(file, 'groups:\n  - name: one\n    rules:\n      - alert: Broken\n        expr: sum(\n');
    assert.match(
      await lineOf({ folder, ruleFiles: [file] }),
      /^promtool refuses the configuration: .*broken\.yml: .*"Broken".*parse error/,
    );
  });

  test('one line says that another Prometheus uses the data', async (t) => {
    const folder = temporaryFolder(t);
    const other = await startPrometheus({
      config: '{}',
      dataFolder: stackPaths(folder).prometheus,
      flags: lockFlags(requireTool('prometheus')),
    });
    t.after(() => other.stop());
    assert.match(
      await lineOf({ folder }),
      /^Prometheus did not start: ".*lock DB directory.*" \(another Prometheus uses this folder: /,
    );
  });

  test('one line says that the state file was damaged, and the start goes on', async (t) => {
    const { target } = await startService(t);
    for (const content of ['{ "pid": 1', '[]', '']) {
      const folder = temporaryFolder(t);
      writeFileSync(join(folder, 'state.json'), content);
      const { stack, reported } = await startTestStack(t, { target, folder });
      assert.deepEqual(reported, [`${join(folder, 'state.json')} was damaged; it is written anew`]);
      await stack.stop();
    }
  });

  test('a program of the stack that ends repeatedly is reported with its last line, and is started after growing pauses until it runs', async (t) => {
    const { target } = await startService(t);
    const { stack, reported } = await startTestStack(t, { target });
    const { processes } = await stack.status();
    // Its data is a file now.
    const { prometheus: data } = stackPaths(stack.folder);
    renameSync(data, join(stack.folder, 'away'));
    writeFileSync(data, '');
    process.kill(processes.prometheus.pid as number, 'SIGKILL');
    await stack.prometheus.waitUntil('it was started again three times', async () => reported.length >= 3);
    assert.match(
      reported[1] ?? '',
      /^Prometheus ended with status \d+: ".*not a directory"; it is started again in 0.4 s$/,
    );
    assert.match(reported[2] ?? '', /it is started again in 0.8 s$/);
    assert.equal((await stack.status()).processes.alertmanager.state, 'running');
    rmSync(data);
    renameSync(join(stack.folder, 'away'), data);
    await stack.prometheus.waitUntil('it runs again', async () => reported.at(-1) === 'Prometheus runs again');
  });
});

test('a reload of the stack accepts changed rules, and refuses wrong ones without harm', async (t) => {
  const { target } = await startService(t);
  const folder = temporaryFolder(t);
  const file = join(folder, 'rules.yml');
  const rules = (expr: string) =>
    `groups:\n  - name: one\n    rules:\n      - record: job:one\n        expr: ${expr}\n`;
  writeFileSync(file, rules('vector(1)'));
  mkdirSync(join(folder, 'stack'));
  const { stack } = await startTestStack(t, { target, folder: join(folder, 'stack'), ruleFiles: [file] });
  const { pid } = (await stack.status()).processes.prometheus;
  const gives = (value: number) => async () => (await stack.prometheus.query('job:one'))[0]?.value === value;
  await stack.prometheus.waitUntil('the rule is evaluated', gives(1));
  writeFileSync(file, rules('vector(2)'));
  await stack.reload();
  await stack.prometheus.waitUntil('the changed rule is evaluated', gives(2));
  writeFileSync(file, rules('vector('));
  await assert.rejects(stack.reload(), /promtool refuses the configuration: .*rules\.yml/);
  await stack.prometheus.waitUntil('the rule from before goes on', gives(2));
  assert.equal((await stack.status()).processes.prometheus.pid, pid, 'it was not started again');
});

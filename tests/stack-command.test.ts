import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { findStack } from '../src/stack/index.js';
import { assertEndsWithLine, runCommand, startCommand } from './helpers/command.js';
import { isAlive, startService } from './helpers/stack.js';
import { temporaryFolder } from './helpers/temporary.js';

/** Without holding up this process, in which the watched service runs. */
async function run(args: string[], env: NodeJS.ProcessEnv) {
  const { child, output } = startCommand('stack.mjs', args, env);
  const [status] = await once(child, 'close');
  return { status, output: output() };
}

describe('npm run stack', { concurrency: true }, () => {
  async function startInTerminal(t: TestContext) {
    const service = await startService(t);
    const env = { STACK_FOLDER: temporaryFolder(t), METRICS_TOKEN: '' };
    const terminal = startCommand('stack.mjs', ['--target', service.target, '--interval', '0.2'], env);
    t.after(() => terminal.child.kill('SIGKILL'));
    await terminal.until(/Press Ctrl-C/);
    return { service, env, terminal };
  }

  test('npm run stack prints where everything is and what happens, and ends with Ctrl-C', async (t) => {
    const { env, service, terminal } = await startInTerminal(t);
    const stack = await findStack(env.STACK_FOLDER);
    assert.ok(stack);
    assert.match(
      terminal.output(),
      new RegExp(`^Prometheus +${stack.prometheus.url} +scrapes http://${service.target}/metrics`),
    );
    assert.match(terminal.output(), new RegExp(`\nAlertmanager +${stack.alertmanager.url} +`));
    const { processes, notificationsUrl } = await stack.status();
    const alert = {
      status: 'firing',
      labels: { alertname: 'A', severity: 'info' },
      annotations: { summary: 'So it is' },
    };
    const { token } = JSON.parse(readFileSync(join(stack.folder, 'state.json'), 'utf8'));
    await fetch(`${notificationsUrl}/alertmanager`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ status: 'firing', receiver: 'quiet', alerts: [alert] }),
    });
    await terminal.until(/^\d\d:\d\d:\d\d {2}firing A \(info\): So it is$/m);
    process.kill(processes.alertmanager.pid as number, 'SIGKILL');
    await terminal.until(
      /Alertmanager ended by signal 9; it is started again in 0\.2 s\n\d\d:\d\d:\d\d {2}Alertmanager runs again\n/,
    );
    const pids = Object.values((await stack.status()).processes).map(({ pid }) => pid);
    assert.equal(await terminal.end(), 0);
    assert.match(terminal.output(), /The stack has ended\.\n$/);
    assert.ok(!pids.some(isAlive));
  });

  test('npm run stack has one stack, which "status" checks and "stop" ends from another terminal', async (t) => {
    const { env, service, terminal } = await startInTerminal(t);
    const second = await run(['--target', service.target], env);
    assert.match(second.output, /^The stack runs already, in process \d+:\nPrometheus /);
    assert.equal(second.status, 0);
    const reload = await run(['reload'], env);
    assert.equal(reload.output, 'Prometheus and Alertmanager have taken the present configuration and rules.\n');

    const whole = await run(['status'], env);
    assert.match(whole.output, /Every link holds\.\n$/);
    assert.equal(whole.status, 0);
    const starts = whole.output
      .split('\n')
      .map((line) => line.search(/(ok|state)\b/))
      .filter((start) => start > 0);
    assert.equal(new Set(starts.slice(-9)).size, 1, 'the columns are aligned');
    await service.server.close();
    const broken = await run(['status'], env);
    assert.match(
      broken.output,
      /\nservice +broken +nothing listens at [\s\S]*The first broken link is "service"\. Next: start the service/,
    );
    assert.equal(broken.status, 1);

    const closed = once(terminal.child, 'close');
    assert.equal((await run(['stop'], env)).output, 'The stack has ended. Its data is kept.\n');
    assert.deepEqual(await closed, [0, null]);
    assert.equal((await run(['stop'], env)).output, 'No stack runs.\n');
  });
});

test('npm run stack says in one line what is wrong', (t) => {
  const env = { STACK_FOLDER: temporaryFolder(t), DOCKER_HOST: 'tcp://127.0.0.1:1' };
  const cases: [status: 1 | 2, args: string[], line: RegExp, env?: NodeJS.ProcessEnv][] = [
    [2, ['begin'], /^Unknown command "begin"; "npm run stack -- --help" lists what there is$/],
    [2, ['--interval', 'fast'], /^--interval: expected seconds from 0\.1 to 3600, got "fast"$/],
    [2, ['--target', '8000'], /^--target: expected host:port such as 127\.0\.0\.1:8000, got "8000"$/],
    [2, ['reload', '--docker'], /^--docker: there is no "reload" with Docker; "stop" and start again$/],
    [1, ['reload'], /^no stack runs: "npm run stack" starts it$/],
    [2, [], /^METRICS_PORT is 0, any free port: name the one to watch with --target/, { METRICS_PORT: '0' }],
    [1, [], /^`METRICS_PORT`: expected a port number/, { METRICS_PORT: 'x' }],
    [1, [], /^the stack's folder \/dev\/null is a file/, { STACK_FOLDER: '/dev/null' }],
    [1, ['--docker'], /^no Docker engine answers: start Docker, or leave --docker out/],
  ];
  for (const [status, args, line, more] of cases)
    assertEndsWithLine('stack.mjs', args, { status, line, env: { ...env, ...more } });
});

test('npm run stack -- --docker does the same with Compose', (t) => {
  // No engine is at hand: what stands in for the program writes down how it was called.
  const folder = temporaryFolder(t);
  const calls = join(folder, 'calls');
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho "$@" >> ${calls}\n[ "$1" = info ] && echo 28.0.0\nexit 0\n`);
  chmodSync(join(folder, 'docker'), 0o755);
  const env = { PATH: `${folder}${delimiter}${process.env.PATH}` };
  for (const [args, call] of [
    [[], 'up -d'],
    [['stop'], 'down'],
    [['status', '--target', '127.0.0.1:1'], 'ps'],
  ] as const) {
    runCommand('stack.mjs', [...args, '--docker'], { env });
    assert.equal(
      readFileSync(calls, 'utf8').trim().split('\n').at(-1),
      `compose -f docker-compose.monitoring.yml ${call}`,
    );
  }
});

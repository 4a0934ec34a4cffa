import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { findStack, type Stack, startStack, stopStack } from '../src/stack/index.js';
import { inRepository } from './helpers/repository.js';
import { INTERVAL_SECONDS, isAlive, startService, startTestStack } from './helpers/stack.js';
import { temporaryFolder } from './helpers/temporary.js';

const PROGRAMS = ['prometheus', 'alertmanager'] as const;

async function scraped({ prometheus }: Stack): Promise<number> {
  await prometheus.waitUntil(
    'a sample is stored',
    async () => (await prometheus.query('rag_active_requests')).length > 0,
  );
  const [time] = await prometheus.query('timestamp(rag_active_requests)');
  return time?.value ?? 0;
}

const pidsOf = async (stack: Stack) => {
  const { processes } = await stack.status();
  return PROGRAMS.map((program) => processes[program].pid);
};

/** A supervisor in a process of its own. */
async function startElsewhere(t: TestContext, folder: string, target: string): Promise<ChildProcess> {
  const script = `require(${JSON.stringify(inRepository('dist/src/stack/index.js'))})
    .startStack({ target: '${target}', folder: '${folder}', intervalSeconds: ${INTERVAL_SECONDS}, ports: { prometheus: 0, alertmanager: 0 } })
    .then(() => { console.log('ready'); setInterval(() => {}, 1000); }, (error) => console.log(error.message));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [chunk] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  assert.equal(String(chunk).trim(), 'ready');
  return child;
}

// Most of the time something is waited for.
describe('the life of a stack', { concurrency: true }, () => {
  describe('the stack survives', { concurrency: true }, () => {
    for (const program of PROGRAMS) {
      test(`${program} of a stack that is killed is started again at the same address, and has lost nothing`, async (t) => {
        const { target, trackRateLimit } = await startService(t);
        const { stack, reported } = await startTestStack(t, { target });
        const before = await scraped(stack);
        const { processes } = await stack.status();
        process.kill(processes[program].pid as number, 'SIGKILL');
        await stack.prometheus.waitUntil('it runs again', async () => {
          const { state, restarts } = (await stack.status()).processes[program];
          return state === 'running' && restarts === 1;
        });
        assert.match(
          reported.join('\n'),
          new RegExp(`^${program} ended by signal 9; .*\\n${program} runs again$`, 'i'),
        );
        assert.equal((await stack.prometheus.query('rag_active_requests', before)).length, 1, 'the sample from before');
        assert.deepEqual(await stack.alertmanager.alerts(), []);
        trackRateLimit({ provider: 'openai', remaining: 1 });
        await stack.prometheus.waitUntil(
          'scrapes go on',
          async () => (await stack.prometheus.query('rag_rate_limit_remaining')).length > 0,
        );
      });
    }

    test('a stack whose process is killed leaves nothing running, and the next start takes over and fixes a damaged write-ahead log', async (t) => {
      const { target } = await startService(t);
      const folder = temporaryFolder(t);
      const supervisor = await startElsewhere(t, folder, target);
      const killed = await findStack(folder);
      assert.ok(killed);
      const before = await scraped(killed);
      const pids = await pidsOf(killed);
      supervisor.kill('SIGKILL');
      await killed.prometheus.waitUntil('no orphan is left', async () => !pids.some(isAlive));
      assert.equal(await findStack(folder), undefined);
      assert.ok(existsSync(join(folder, 'state.json')), 'its state is stale');

      const wal = join(folder, 'prometheus/wal');
      const segment = readdirSync(wal)
        .filter((name) => /^\d+$/.test(name))
        .sort()
        .at(-1) as string;
      appendFileSync(join(wal, segment), Buffer.alloc(5000, 0xff));
      const { stack, reported } = await startTestStack(t, { target, folder });
      assert.equal(stack.alreadyRunning, false);
      assert.match(reported.join('\n'), /not shut down \(process \d+\) is taken over with its data/);
      assert.equal((await stack.prometheus.query('rag_active_requests', before)).length, 1, 'the sample from before');
      assert.match(readFileSync(join(folder, 'logs/prometheus.log'), 'utf8'), /WAL|wal/);
    });
  });

  describe('one folder has one stack', { concurrency: true }, () => {
    test('a second start in a folder joins its stack and leaves it running, and another process can end it', async (t) => {
      const { target } = await startService(t);
      const folder = temporaryFolder(t);
      const supervisor = await startElsewhere(t, folder, target);
      const joined = await startStack({ target, folder });
      assert.equal(joined.alreadyRunning, true);
      await scraped(joined);
      await joined.reload();
      assert.deepEqual(await joined.notifications.list(), []);
      const pids = await pidsOf(joined);
      await joined.stop();
      assert.ok(pids.every(isAlive));

      assert.equal(await stopStack(folder), true);
      assert.ok(!pids.some(isAlive));
      assert.equal(existsSync(join(folder, 'state.json')), false);
      assert.equal(supervisor.exitCode, null, 'only the stack ends, and not the process that had it');
      assert.equal(await stopStack(folder), false);
      assert.equal((await joined.status()).ready, false);
    });

    test('of two starts at once in a folder one makes the stack and the other joins it', async (t) => {
      const { target } = await startService(t);
      const folder = temporaryFolder(t);
      const both = await Promise.all([startTestStack(t, { target, folder }), startTestStack(t, { target, folder })]);
      assert.deepEqual(both.map(({ stack }) => stack.alreadyRunning).sort(), [false, true]);
      assert.equal(both[0].stack.prometheus.url, both[1].stack.prometheus.url);
    });

    test('two folders have two stacks, also when both start at once and prefer the same ports', async (t) => {
      const { target } = await startService(t);
      const start = () => startTestStack(t, { target, ports: {} });
      const started = await Promise.all([start(), start(), start()]);
      for (const url of ['prometheusUrl', 'alertmanagerUrl'] as const) {
        const urls = await Promise.all(started.map(async ({ stack }) => (await stack.status())[url]));
        assert.equal(new Set(urls).size, 3);
      }
      for (const { stack } of started) {
        const { 'config.file': file } = await stack.prometheus.api<Record<string, string>>('status/flags');
        assert.equal(file, join(stack.folder, 'prometheus.yml'), 'each is its own');
      }
    });

    test('a stack whose process no longer answers keeps its data', async (t) => {
      const { target } = await startService(t);
      const { stack } = await startTestStack(t, { target });
      const file = join(stack.folder, 'state.json');
      const state = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...state, notificationsUrl: 'http://127.0.0.1:1' }));
      const message = `the stack of process ${process.pid} does not answer: "kill ${process.pid}" ends it, and its programs`;
      await assert.rejects(startStack({ target, folder: stack.folder }), { message, code: 'ERR_STACK_PROCESS' });
      assert.ok((await pidsOf(stack)).every(isAlive));
    });

    test('a start for another target fails with one line that names the running stack', async (t) => {
      const { target } = await startService(t);
      const { stack } = await startTestStack(t, { target });
      await assert.rejects(
        startStack({ target: '127.0.0.1:1', folder: stack.folder }),
        (error: Error & { code: string }) => {
          assert.equal(error.code, 'ERR_STACK_ELSEWHERE');
          assert.match(
            error.message,
            new RegExp(`watches ${target} \\(process ${process.pid}\\): end it with "npm run stack -- stop"`),
          );
          return true;
        },
      );
    });

    test('state.json of a stack can be read by its owner only, and says where everything is', async (t) => {
      const { target } = await startService(t);
      const { stack } = await startTestStack(t, { target });
      stack.announce({ dashboardUrl: 'http://127.0.0.1:3001' });
      const state = JSON.parse(readFileSync(join(stack.folder, 'state.json'), 'utf8'));
      assert.equal(state.pid, process.pid);
      assert.equal(state.dashboardUrl, 'http://127.0.0.1:3001');
      assert.equal(state.prometheusUrl, stack.prometheus.url);
      const stop = (token: string) =>
        fetch(`${state.notificationsUrl}/stop`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
          body: '{}',
        });
      assert.equal((await stop('guessed')).status, 401);
      assert.equal(JSON.stringify(await stack.status()).includes(state.token), false);
      const asked = await fetch(`${state.notificationsUrl}/state`);
      assert.equal((await asked.text()).includes(state.token), false);
    });
  });
});

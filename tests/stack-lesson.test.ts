import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { inRepository } from './helpers/repository.js';
import { startService, startTestStack } from './helpers/stack.js';
import { temporaryFolder } from './helpers/temporary.js';

/** What the lesson's functions see in a process of their own, as a kernel is one; the code ends with `show(value)`. */
async function inKernel<Shown>(folder: string, port: number, code: string): Promise<Shown> {
  const room = (name: string) => JSON.stringify(inRepository(`dist/src/${name}/index.js`));
  const script = `
    const lesson = require(${room('lesson')}), stack = require(${room('stack')});
    const server = { port: ${port} };
    const show = (value) => console.log(JSON.stringify(value));
    (async () => { ${code} })().catch((error) => show(error.message));`;
  const env = { ...process.env, STACK_FOLDER: folder, METRICS_TOKEN: '' };
  // A process that does not end by itself holds something open, and the test waits in vain.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', script], { env, timeout: 60_000 });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as Shown;
}

/** An address that says when it was asked. */
async function startBell(t: TestContext): Promise<{ url: string; asked: Promise<void> }> {
  const bell = createServer();
  const asked = new Promise<void>((resolve) => {
    bell.on('request', (_request, response) => {
      response.end();
      resolve();
    });
  });
  await new Promise<void>((resolve) => bell.listen(0, '127.0.0.1', resolve));
  t.after(() => bell.close());
  return { url: `http://127.0.0.1:${(bell.address() as AddressInfo).port}`, asked };
}

interface Seen {
  alreadyRunning: boolean;
  folder: string;
  again: boolean;
  chain: string[];
  notifications: Record<string, string[]>;
  left: boolean;
}

const LOOK = `
  const opened = await lesson.openStack(server);
  const again = (await lesson.openPrometheus(server)).url === opened.prometheus.url;
  const chain = (await lesson.readChain(server, opened)).State;
  const notifications = await lesson.readNotifications(opened);
  await lesson.closePrometheus();
  const left = (await stack.findStack(opened.folder)) !== undefined;
  show({ alreadyRunning: opened.alreadyRunning, folder: opened.folder, again, chain, notifications, left });`;

const ALL_OK = Array(9).fill('ok');

describe("the lesson's stack", { concurrency: true }, () => {
  test("the lesson's stack is started in the project’s folder, works from end to end, and ends with the lesson", async (t) => {
    const folder = temporaryFolder(t);
    const { server } = await startService(t);
    const seen = await inKernel<Seen>(folder, server.port, LOOK);
    const notifications = { Notifications: ['none has arrived yet'] };
    assert.deepEqual(seen, { alreadyRunning: false, folder, again: true, chain: ALL_OK, notifications, left: false });
  });

  test("the lesson's stack is the running one where that watches the same service, and outlives the lesson", async (t) => {
    const { server, target } = await startService(t);
    const { stack } = await startTestStack(t, { target });
    const { folder } = stack;
    const seen = await inKernel<Seen>(folder, server.port, LOOK);
    assert.deepEqual([seen.alreadyRunning, seen.folder, seen.left], [true, folder, true]);
    assert.deepEqual(seen.chain, ALL_OK);
  });

  test("the lesson's stack has a folder of its own where the running one watches another service", async (t) => {
    const { target } = await startService(t);
    const { server } = await startService(t);
    const { stack } = await startTestStack(t, { target });
    const seen = await inKernel<Seen>(stack.folder, server.port, LOOK);
    assert.equal(seen.alreadyRunning, false);
    assert.ok(seen.folder.startsWith(join(inRepository('.cache/run'))));
    assert.deepEqual(seen.chain, ALL_OK);
    assert.equal((await stack.status()).ready, true);
  });

  test('the lesson shows a notification, and waits for the one that resolves it', async (t) => {
    const { server, target } = await startService(t);
    const { stack } = await startTestStack(t, { target });
    const seen = await startBell(t);
    const { token } = JSON.parse(readFileSync(join(stack.folder, 'state.json'), 'utf8'));
    const notify = (status: string) =>
      fetch(`${stack.notifications.url}/alertmanager`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({
          status,
          receiver: 'team',
          alerts: [
            { status, labels: { alertname: 'A', severity: 'info' }, annotations: { summary: 'S', description: 'D' } },
          ],
        }),
      });
    await notify('firing');
    const waiting = inKernel<[string, string, Record<string, string[]>]>(
      stack.folder,
      server.port,
      `const opened = await stack.findStack();
       const first = await lesson.waitForNotification(opened, 'A');
       await fetch('${seen.url}');
       const second = await lesson.waitForNotification(opened, 'A', 'resolved');
       show([first.status, second.status, await lesson.readNotifications(opened, 1)]);`,
    );
    await seen.asked;
    await notify('resolved');
    const [first, second, table] = await waiting;
    assert.deepEqual([first, second], ['firing', 'resolved']);
    assert.deepEqual([table.Status, table.Alert, table['What It Says']], [['resolved'], ['A'], ['S. D']]);
  });
});

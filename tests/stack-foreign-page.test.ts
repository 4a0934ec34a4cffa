import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { parse } from 'yaml';
import { requireTool } from '../src/stack/index.js';
import { NO_BROWSER } from './helpers/page-rig.js';
import { knownTools } from './helpers/repository.js';
import { askRaw, serve } from './helpers/serve.js';
import { startService, startTestStack } from './helpers/stack.js';

const silenceAll = () => ({
  matchers: [{ name: 'alertname', value: '.+', isRegex: true }],
  startsAt: new Date(),
  endsAt: new Date(Date.now() + 3_600_000),
  createdBy: 'a page',
  comment: 'hush',
});

async function startStack(t: TestContext) {
  const { target } = await startService(t);
  return (await startTestStack(t, { target })).stack;
}

/** A page under a name of its own in a real browser. */
async function openForeignPage(t: TestContext) {
  const { port } = await serve(t, (_, response) => response.end('<h1>A page</h1>'));
  const browser = await chromium.launch({
    executablePath: knownTools().chromium ?? '',
    args: ['--no-sandbox', '--host-resolver-rules=MAP foreign.example 127.0.0.1'],
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://foreign.example:${port}/`);
  return page;
}

/** The status of a request under a chosen `Host`, as a name that was pointed at this machine sends it. */
const statusUnder = async (host: string, address: string) => (await askRaw(address, { headers: { host } })).status;

test('a page of another site neither reads nor silences alerts, and programs of this machine do both', {
  skip: NO_BROWSER,
}, async (t) => {
  const { alertmanager, prometheus } = await startStack(t);
  const page = await openForeignPage(t);
  const asked = await page.evaluate(
    async ([alertmanagerUrl, prometheusUrl, silence]) => {
      const outcome = async (work: () => Promise<Response>) =>
        work().then(
          (response) => response.status,
          () => 'blocked',
        );
      const body = silence as string;
      const headers = { 'Content-Type': 'application/json' };
      return {
        read: await outcome(() => fetch(`${alertmanagerUrl}/api/v2/alerts`)),
        silence: await outcome(() => fetch(`${alertmanagerUrl}/api/v2/silences`, { method: 'POST', headers, body })),
        unasked: await outcome(() =>
          fetch(`${alertmanagerUrl}/api/v2/silences`, { method: 'POST', mode: 'no-cors', body }),
        ),
        query: await outcome(() => fetch(`${prometheusUrl}/api/v1/query?query=up`)),
      };
    },
    [alertmanager.url, prometheus.url, JSON.stringify(silenceAll())],
  );
  assert.deepEqual(asked, { read: 'blocked', silence: 'blocked', unasked: 0, query: 'blocked' });
  const silences = async () => (await (await fetch(`${alertmanager.url}/api/v2/silences`)).json()) as unknown[];
  assert.deepEqual(await silences(), []);
  const add = [
    'silence',
    'add',
    '--comment=planned',
    'alertname=HighErrorRate',
    `--alertmanager.url=${alertmanager.url}`,
  ];
  await promisify(execFile)(requireTool('amtool'), add);
  assert.equal((await silences()).length, 1);
});

test('a foreign name that is pointed at this machine gets no answer of Prometheus or Alertmanager', async (t) => {
  const { alertmanager, prometheus } = await startStack(t);
  for (const address of [`${alertmanager.url}/api/v2/status`, `${prometheus.url}/api/v1/query?query=up`]) {
    assert.equal(await statusUnder('rebound.example', address), 403);
    assert.equal(await statusUnder(new URL(address).host, address), 200);
  }
});

test('behind the address that is shown, Prometheus and Alertmanager ask for a password of this run', async (t) => {
  const { folder, prometheus } = await startStack(t);
  const config = parse(readFileSync(join(folder, 'prometheus.yml'), 'utf8'));
  const [alerting] = config.alerting.alertmanagers;
  const [behind] = alerting.static_configs[0].targets;
  assert.equal((await fetch(`http://${behind}/api/v2/status`)).status, 401);
  const connected = () => prometheus.api<{ activeAlertmanagers: { url: string }[] }>('alertmanagers');
  await prometheus.waitUntil(
    'Prometheus has found Alertmanager behind it',
    async () => (await connected()).activeAlertmanagers[0]?.url === `http://${behind}/api/v2/alerts`,
  );
});

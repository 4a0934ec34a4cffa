import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { adaptedAlertmanagerConfig, requireTool } from '../src/stack/index.js';
import { logFile } from '../src/stack/process/log-file.js';
import { startStackService } from '../src/stack/receiver/supervisor-api.js';
import { REPOSITORY, readRepositoryFile } from './helpers/repository.js';
import { askRaw } from './helpers/serve.js';
import { temporaryFolder } from './helpers/temporary.js';

const webhook = (provider: string, status = 'firing') => ({
  version: '4',
  status,
  receiver: 'team',
  groupLabels: { alertname: 'RateLimitWarning' },
  alerts: [
    {
      status,
      labels: { alertname: 'RateLimitWarning', severity: 'warning', provider },
      annotations: { summary: 'Less than 100 API calls remaining' },
      startsAt: '2026-01-01T00:00:00Z',
    },
  ],
});

async function startReceiver(t: TestContext, file = join(temporaryFolder(t), 'notifications.jsonl')) {
  const reported: string[] = [];
  const nothing = async () => {};
  const service = await startStackService({
    file,
    token: 'secret',
    state: () => ({}),
    stop: nothing,
    reload: nothing,
    report: (line) => reported.push(line),
  });
  t.after(() => service.close());
  const post = async (body: string, type = 'application/json', token = 'secret') => {
    const headers = { 'Content-Type': type, Authorization: `Bearer ${token}` };
    return (await fetch(`${service.url}/alertmanager`, { method: 'POST', body, headers })).status;
  };
  const list = async () => (await (await fetch(`${service.url}/notifications`)).json()) as object[];
  return { url: service.url, file, reported, post, list };
}

describe('the receiver', () => {
  test('the receiver refuses what is no notification, with one line for each', async (t) => {
    const { post, list, reported } = await startReceiver(t);
    assert.equal(await post('{'), 400);
    assert.equal(await post('[]'), 400);
    assert.equal(await post('{"status":"firing","alerts":[7]}'), 400);
    assert.equal(await post('{"status":"burning","alerts":[]}'), 400);
    assert.equal(await post(JSON.stringify(webhook('x'.repeat(1_100_000)))), 413);
    assert.equal(await post(JSON.stringify(webhook('a')), 'text/plain'), 415, 'what a web page may send unasked');
    assert.equal(await post(JSON.stringify(webhook('a')), 'application/json', 'guessed'), 401);
    assert.equal(reported.length, 7);
    assert.match(reported[0] ?? '', /^POST \/alertmanager was answered 400: .*the JSON is malformed/);
    assert.deepEqual(await list(), []);
  });

  test('the receiver answers no page of another site, by whichever name or way it asks', async (t) => {
    const { url } = await startReceiver(t);
    const status = async (headers: Record<string, string>) =>
      (await askRaw(url, { path: '/notifications', headers })).status;
    assert.deepEqual([await status({}), await status({ host: 'localhost:9' })], [200, 200]);
    const foreign: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: '127.0.0.1.evil.example' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ];
    for (const headers of foreign) assert.equal(await status(headers), 403, JSON.stringify(headers));
  });

  test('the receiver keeps the last hundred notifications, also over a restart', async (t) => {
    const first = await startReceiver(t);
    for (let index = 0; index < 105; index++) assert.equal(await first.post(JSON.stringify(webhook(`p${index}`))), 200);
    const kept = await first.list();
    assert.equal(kept.length, 100);
    assert.match(JSON.stringify(kept[0]), /"provider":"p5"/);
    const second = await startReceiver(t, first.file);
    assert.deepEqual(await second.list(), kept);
  });

  test('the receiver prints each alert in one line, whatever its labels contain', async (t) => {
    const { post, reported } = await startReceiver(t);
    const hostile = webhook('openai');
    Object.assign(hostile.alerts[0]?.annotations as object, { description: 'one\ntwo\u001b[31m' });
    await post(JSON.stringify(hostile));
    assert.deepEqual(reported, ['firing RateLimitWarning (warning): Less than 100 API calls remaining. one two [31m']);
  });
});

test('a log file is limited in size, and its former content is kept once', (t) => {
  const file = join(temporaryFolder(t), 'x.log');
  const { append } = logFile(file, 1000);
  for (let line = 0; line < 100; line++) append(`${String(line).padStart(49)}\n`);
  assert.ok(statSync(file).size <= 1000);
  assert.match(readFileSync(file, 'utf8'), / 99\n$/);
  assert.ok(statSync(`${file}.previous`).size <= 1000);
});

describe("Alertmanager's configuration", () => {
  const committed = 'monitoring/alertmanager.yml';
  const check = (path: string) =>
    spawnSync(requireTool('amtool'), ['check-config', path], { cwd: REPOSITORY, encoding: 'utf8' });

  test("Alertmanager's configuration is valid with its examples of Slack and mail too", (t) => {
    const file = join(temporaryFolder(t), 'alertmanager.yml');
    const text = readRepositoryFile(committed).replace(/^ {4}# /gm, '    ');
    writeFileSync(file, text);
    const { status, stdout, stderr } = check(file);
    assert.equal(status, 0, stdout + stderr);
    const { receivers } = parse(text);
    assert.deepEqual(
      receivers.flatMap((receiver: object) => Object.keys(receiver).slice(1)),
      ['slack_configs', 'email_configs'],
    );
  });

  test("Alertmanager's configuration sends each severity to a receiver of its own, and inhibits by alerts that exist", () => {
    const args = ['config', 'routes', 'test', `--config.file=${committed}`];
    const route = (severity: string) =>
      execFileSync(requireTool('amtool'), [...args, `severity=${severity}`], {
        cwd: REPOSITORY,
        encoding: 'utf8',
        stdio: 'pipe',
      }).trim();
    assert.deepEqual(['critical', 'warning', 'info'].map(route), ['on-call', 'team', 'quiet']);
    const rules = readRepositoryFile('monitoring/rules/alerts.yml');
    const { inhibit_rules } = parse(readRepositoryFile(committed));
    for (const { source_matchers, target_matchers } of inhibit_rules) {
      const names = [...source_matchers, ...target_matchers].join().match(/(?<=alertname=~?")[^"]+/g) ?? [];
      assert.equal(names.length, 2);
      for (const name of names.join('|').split('|')) assert.ok(rules.includes(`alert: ${name}\n`), name);
    }
  });

  test("Alertmanager's configuration is adapted in its waits, its paths and an added webhook only", (t) => {
    const webhookUrl = 'http://127.0.0.1:1/alertmanager';
    const adapted = adaptedAlertmanagerConfig({ webhookUrl, webhookToken: 'secret', intervalSeconds: 1 });
    const file = join(temporaryFolder(t), 'alertmanager.yml');
    writeFileSync(file, adapted);
    assert.equal(check(file).status, 0);
    const original = parse(readRepositoryFile(committed));
    const { route, receivers, inhibit_rules } = parse(adapted);
    assert.deepEqual(inhibit_rules, original.inhibit_rules);
    assert.deepEqual([route.group_wait, route.group_interval, route.repeat_interval], ['1s', '1s', '4h']);
    assert.equal(route.routes[0].group_wait, '1s');
    const http_config = { authorization: { credentials: 'secret' } };
    for (const { webhook_configs } of receivers)
      assert.deepEqual(webhook_configs, [{ url: webhookUrl, send_resolved: true, http_config }]);
    assert.equal(
      parse(adaptedAlertmanagerConfig({ webhookUrl, webhookToken: 'secret' })).route.group_wait,
      original.route.group_wait,
    );
  });
});

test('every file of the stack that contains a secret is ignored by git', () => {
  for (const file of ['monitoring/secrets/slack-webhook-url', '.cache/stack/state.json'])
    assert.equal(spawnSync('git', ['check-ignore', '-q', file], { cwd: REPOSITORY }).status, 0, file);
});

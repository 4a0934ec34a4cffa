import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { parse, stringify } from 'yaml';
import {
  type Adaptation,
  adaptedConfig,
  type ChainLink,
  type ChainOptions,
  checkChain,
  cureOfScrape,
  freePort,
  type Prometheus,
  startPrometheus,
} from '../src/stack/index.js';
import { serve } from './helpers/serve.js';
import { alertsWithin, INTERVAL_SECONDS, startService, startTestStack } from './helpers/stack.js';

const closedAddress = async () => `127.0.0.1:${await freePort()}`;

async function serveText(t: TestContext, status: number, text: string): Promise<string> {
  const { url } = await serve(t, (_request, response) => response.writeHead(status).end(text));
  return new URL(url).host;
}

/** A Prometheus whose configuration is wrong in one place, after its first scrape. */
async function startWrong(
  t: TestContext,
  adaptation: Adaptation,
  change = (text: string) => text,
): Promise<Prometheus> {
  const config = change(
    adaptedConfig({ intervalSeconds: INTERVAL_SECONDS, alertmanager: '127.0.0.1:1', ...adaptation }),
  );
  const prometheus = await startPrometheus({ config });
  t.after(() => prometheus.stop());
  await prometheus.waitUntil('it has scraped', async () => (await prometheus.query('up')).length > 0);
  await prometheus.waitUntil('it has evaluated', async () =>
    (await prometheus.rules()).every(({ health }) => health !== 'unknown'),
  );
  return prometheus;
}

function dropOurMetrics(text: string): string {
  const config = parse(text);
  config.scrape_configs[0].metric_relabel_configs = [{ source_labels: ['__name__'], regex: 'rag_.*', action: 'drop' }];
  return stringify(config);
}

const broken = (links: ChainLink[]) => links.filter(({ state }) => state === 'broken').map(({ link }) => link);

describe('the chain', { concurrency: true }, () => {
  test('the checks find nothing where nothing is broken, and each broken link alone is named', async (t) => {
    const { target } = await startService(t);
    const token = 'a-token-of-the-test';
    const guarded = await startService(t, { METRICS_TOKEN: token });
    const other = await startService(t);
    const badRule = { record: 'job:bad', expr: 'up * on () group_left () {__name__=~"rag_.+"}' };
    const ruleFiles = [alertsWithin(t, {}, [badRule]), join(__dirname, '../../monitoring/rules/recording.yml')];
    const [{ stack }, tokenless, empty, badRules, noRules, noAlertmanager] = await Promise.all([
      startTestStack(t, { target }),
      startWrong(t, { target: guarded.target }),
      startWrong(t, { target }, dropOurMetrics),
      startWrong(t, { target, ruleFiles }),
      startWrong(t, { target, ruleFiles: [] }),
      startWrong(t, { target, alertmanager: undefined }),
    ]);
    const { processes: _, ...healthy } = await stack.status();

    const whole = await checkChain(healthy);
    assert.deepEqual(broken(whole), []);
    assert.equal(whole.length, 9);
    assert.ok(whole.every(({ state, found, cure }) => state === 'ok' && found !== '' && cure === ''));

    const cases: [name: string, options: Partial<ChainOptions>, link: string, found: RegExp, cure: RegExp][] = [
      ['no service', { target: await closedAddress() }, 'service', /nothing listens at 127/, /npm run demo.*--target/],
      ['another program', { target: await serveText(t, 200, 'hello') }, 'metrics', /none of our metrics/, /--target/],
      [
        'a failing collector',
        { target: await serveText(t, 500, 'x') },
        'metrics',
        /answers 500/,
        /METRICS_NOT_COLLECTED/,
      ],
      ['a token that is not known here', { target: guarded.target }, 'metrics', /answers 401/, /METRICS_TOKEN/],
      [
        'no Prometheus',
        { prometheusUrl: `http://${await closedAddress()}` },
        'Prometheus',
        /no Prometheus answers/,
        /npm run stack/,
      ],
      ['another target', { target: other.target }, 'target', /scrapes 127\S+, and not 127/, /--target 127/],
      [
        'a token that Prometheus lacks',
        { target: guarded.target, token, prometheusUrl: tokenless.url },
        'target',
        /is down: .*401/,
        /METRICS_TOKEN/,
      ],
      ['samples that are dropped', { prometheusUrl: empty.url }, 'samples', /no sample of our metrics/, /next scrape/],
      [
        'a rule that fails',
        { prometheusUrl: badRules.url },
        'rules',
        /job:bad cannot be evaluated: .*match/,
        /npm run generate/,
      ],
      ['rules that are not loaded', { prometheusUrl: noRules.url }, 'rules', /not loaded: .*HighErrorRate/, /reload/],
      [
        'Prometheus without Alertmanager',
        { prometheusUrl: noAlertmanager.url },
        'Alertmanager',
        /knows no Alertmanager/,
        /alerting/,
      ],
      [
        'no Alertmanager',
        { alertmanagerUrl: `http://${await closedAddress()}` },
        'Alertmanager',
        /no Alertmanager answers/,
        /npm run stack/,
      ],
      [
        'no receiver',
        { notificationsUrl: `http://${await closedAddress()}` },
        'notifications',
        /does not answer/,
        /npm run stack/,
      ],
    ];
    for (const [name, options, link, found, cure] of cases) {
      await t.test(name, async () => {
        const links = await checkChain({ ...healthy, patienceSeconds: 0, ...options });
        assert.deepEqual(broken(links), [link]);
        const row = links.find((one) => one.link === link);
        assert.match(row?.found ?? '', found);
        assert.match(row?.cure ?? '', cure);
        const after = links.slice(links.findIndex((one) => one.link === link) + 1).map(({ state }) => state);
        assert.ok(!after.includes('broken'));
      });
    }
  });

  test('a notification that no receiver accepts is a broken link', async (t) => {
    const { target, trackRateLimit } = await startService(t);
    const { stack } = await startTestStack(t, { target, ruleFiles: [alertsWithin(t, { RateLimitWarning: '0s' })] });
    const { alertmanagerUrl, prometheusUrl } = await stack.status();
    // The same Alertmanager, configured to call an address where nothing listens.
    const file = join(stack.folder, 'alertmanager.yml');
    const config = {
      route: { receiver: 'unreachable', group_wait: '0s' },
      receivers: [{ name: 'unreachable', webhook_configs: [{ url: `http://${await closedAddress()}/` }] }],
    };
    writeFileSync(file, stringify(config));
    await fetch(`${alertmanagerUrl}/-/reload`, { method: 'POST' });
    trackRateLimit({ provider: 'openai', remaining: 1 });
    await stack.prometheus.waitUntil('Alertmanager gives up', async () => {
      const [link] = (await checkChain({ target, prometheusUrl, alertmanagerUrl, patienceSeconds: 0 })).slice(-1);
      return link?.state === 'broken' && /each of \d+ attempts? to notify has failed/.test(link.found);
    });
  });

  test('the message of Prometheus about a failed scrape leads to a remedy', () => {
    const cases: [lastError: string, address: string, cure: RegExp][] = [
      [
        'Get "http://127.0.0.1:8000/metrics": dial tcp 127.0.0.1:8000: connect: connection refused',
        '',
        /start the service/,
      ],
      [
        'Get "http://host.docker.internal:8000/metrics": dial tcp 172.17.0.1:8000: connect: connection refused',
        '',
        /METRICS_HOST=0\.0\.0\.0/,
      ],
      [
        'Get "http://host.docker.internal:8000/metrics": dial tcp: lookup host.docker.internal on 10.0.0.1:53: no such host',
        '',
        /inside Docker only/,
      ],
      ['server returned HTTP status 401 Unauthorized', '', /METRICS_TOKEN/],
      ['server returned HTTP status 500 Internal Server Error', '', /METRICS_NOT_COLLECTED/],
      ['Get "http://127.0.0.1:8000/metrics": context deadline exceeded', '', /longer than its interval/],
      ['server returned HTTP status 400 Bad Request: Client sent an HTTP request to an HTTPS server', '', /HTTPS/],
      ['something new', '', /look at \/targets/],
    ];
    for (const [lastError, address, cure] of cases) assert.match(cureOfScrape(lastError, address), cure, lastError);
  });

  test('an alert travels from the metric to the receiver, grouped, and is resolved there', async (t) => {
    const { target, trackRateLimit } = await startService(t);
    const ruleFiles = [alertsWithin(t, { RateLimitWarning: '2s' })];
    const { stack, reported } = await startTestStack(t, { target, ruleFiles });
    const { prometheus, alertmanager, notifications } = stack;
    const inState = (state: string) => async () =>
      (await prometheus.query(`ALERTS{alertname="RateLimitWarning", alertstate="${state}"}`)).length === 2;

    trackRateLimit({ provider: 'openai', remaining: 20 });
    trackRateLimit({ provider: 'anthropic', remaining: 7 });
    await prometheus.waitUntil('both are pending', inState('pending'));
    assert.deepEqual(await notifications.list(), [], 'no notification before `for` has passed');
    await prometheus.waitUntil('both fire', inState('firing'));
    const notified = await notifications.waitFor('RateLimitWarning');
    assert.equal(notified.receiver, 'team');
    assert.deepEqual(notified.groupLabels, { alertname: 'RateLimitWarning', job: 'rag-service' });
    assert.deepEqual(
      notified.alerts.map(({ labels }) => labels.provider).sort(),
      ['anthropic', 'openai'],
      'one notification',
    );
    assert.equal((await alertmanager.alerts()).length, 2);

    trackRateLimit({ provider: 'openai', remaining: 5000 });
    trackRateLimit({ provider: 'anthropic', remaining: 5000 });
    const resolved = await notifications.waitFor('RateLimitWarning', 'resolved');
    assert.equal(resolved.status, 'resolved');
    assert.equal((await notifications.list()).length, 2);
    const lines = reported.filter((line) => line.includes('anthropic'));
    assert.match(
      lines[0] ?? '',
      /^firing RateLimitWarning \(warning\): Less than 100 API calls remaining\. anthropic allows rag-service 7 more requests in this window\.$/,
    );
    assert.match(lines[1] ?? '', /^resolved RateLimitWarning/);
  });

  test('a service that fails is reported once: its latency alert is inhibited, its rate limit alert is not', async (t) => {
    const { target, metrics, trackRateLimit } = await startService(t);
    // The source of an inhibition has to be there before its targets.
    const ruleFiles = [alertsWithin(t, { HighErrorRate: '0s', HighQueryLatency: '2s', RateLimitWarning: '2s' })];
    const { stack } = await startTestStack(t, { target, ruleFiles });
    const fail = () => {
      metrics.requestsTotal.inc({ endpoint: 'rag_pipeline', status: 'error' });
      metrics.queryLatency.observe({ operation: 'rag_pipeline' }, 9);
    };
    const failing = setInterval(() => Array.from({ length: 5 }, fail), 50);
    t.after(() => clearInterval(failing));
    trackRateLimit({ provider: 'openai', remaining: 20 });
    const stateOf = async (name: string) =>
      (await stack.alertmanager.alerts()).find(({ labels }) => labels.alertname === name)?.status.state;

    await stack.prometheus.waitUntil(
      'the latency is suppressed',
      async () => (await stateOf('HighQueryLatency')) === 'suppressed',
    );
    assert.equal((await stack.notifications.waitFor('HighErrorRate')).receiver, 'on-call');
    assert.equal((await stack.notifications.waitFor('RateLimitWarning')).receiver, 'team');
    assert.equal(await stateOf('HighErrorRate'), 'active');
    const notified = (await stack.notifications.list()).flatMap(({ alerts }) => alerts.map(({ alert }) => alert));
    assert.ok(!notified.includes('HighQueryLatency'), 'no notification of the latency');
  });
});

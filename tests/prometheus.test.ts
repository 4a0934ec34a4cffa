import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../config.js';
import { fillIn } from '../src/charts/index.js';
import { panels } from '../src/dashboard/panels.js';
import { alertRules, recordingRules } from '../src/dashboard/rules.js';
import { runLoad } from '../src/lesson/load.js';
import { createMonitoring } from '../src/m2_3_monitoring/index.js';
import { createRag, createRetriever, createSimulatedLlm, loadCorpus } from '../src/rag/index.js';
import { adaptedConfig, freePort, type Prometheus, startPrometheus } from '../src/stack/index.js';

const retriever = createRetriever(loadCorpus());
// Thresholds that any traffic passes: each alert then gives the value that it compares.
const PASSED_BY_ALL = parseConfig({
  ALERT_QUERY_P95_SECONDS: '0',
  ALERT_ERROR_RATIO: '0',
  ALERT_CACHE_HIT_RATIO: '1',
  ALERT_DAILY_COST_USD: '0',
  ALERT_RATE_LIMIT_REMAINING: '1000000',
});

/** A service under traffic, for as long as something takes. */
async function serveUnderLoad(port: number, whileRunning: () => Promise<void>): Promise<void> {
  const monitoring = createMonitoring({ config: { METRICS_PORT: port } });
  const server = await monitoring.startMetricsServer();
  const llm = createSimulatedLlm({ seed: 3, timeScale: 0.01, failureRatio: 0.2 });
  const rag = createRag({ retriever, llm, monitoring });
  let running = true;
  const load = (async () => {
    while (running) {
      monitoring.trackCacheOperation({ hit: false });
      await runLoad(rag, 0.2);
    }
  })();
  try {
    await whileRunning();
  } finally {
    running = false;
    await load;
    await server.close();
  }
}

const isHealthy = async (prometheus: Prometheus) => (await prometheus.query('up{job="rag-service"}'))[0]?.value === 1;

async function assertFinite(prometheus: Prometheus, expr: string): Promise<void> {
  const ask = () => prometheus.query(expr);
  await prometheus.waitUntil(
    `an answer to ${expr}`,
    async () => {
      const samples = await ask();
      return samples.length > 0 && samples.every(({ value }) => Number.isFinite(value));
    },
    20_000,
  );
  for (const { value } of await ask()) assert.ok(Number.isFinite(value), `${expr} gives ${value}`);
}

async function assertEveryQueryAnswers(prometheus: Prometheus): Promise<void> {
  for (const { queries } of panels(parseConfig({}))) {
    for (const { expr } of queries)
      await assertFinite(prometheus, fillIn(expr, { __rate_interval: '1m', __range: '1h', job: '.*' }));
  }
  for (const { record } of recordingRules()) await assertFinite(prometheus, record);
  for (const { expr } of alertRules(PASSED_BY_ALL)) await assertFinite(prometheus, expr);
}

async function assertRulesAreHealthy(prometheus: Prometheus): Promise<void> {
  const { groups } = await prometheus.api<{
    groups: { rules: { name: string; health: string; lastError?: string }[] }[];
  }>('rules');
  const rules = groups.flatMap((group) => group.rules);
  assert.equal(rules.length, 10);
  for (const { name, health, lastError } of rules) assert.equal(health, 'ok', `${name}: ${lastError}`);
}

test('every panel, rule and alert has an answer in a real Prometheus that scrapes the module by the committed configuration, also after a restart', async (t) => {
  const port = await freePort();
  const config = adaptedConfig({ target: `127.0.0.1:${port}`, intervalSeconds: 1 });
  const prometheus = await startPrometheus({ config });
  t.after(() => prometheus.stop());

  await serveUnderLoad(port, async () => {
    await prometheus.waitUntil('the target is up', () => isHealthy(prometheus));
    await assertEveryQueryAnswers(prometheus);
    await assertRulesAreHealthy(prometheus);
  });
  const [before] = await prometheus.query('sum(rag_requests_total)');
  await prometheus.waitUntil('the target is down', async () => !(await isHealthy(prometheus)));

  await serveUnderLoad(port, async () => {
    await prometheus.waitUntil('the target is up again', () => isHealthy(prometheus));
    const [after] = await prometheus.query('sum(rag_requests_total)');
    assert.ok((after?.value ?? 0) < (before?.value ?? 0), 'the counters start again at 0');
    await assertEveryQueryAnswers(prometheus);
  });
  const [rates] = await prometheus.query('sum(rate(rag_requests_total[1m]))');
  assert.ok((rates?.value ?? -1) > 0, 'the rate does not see the restart as a fall');
});

test('a Prometheus that cannot start is reported in one line, and leaves nothing running', async () => {
  await assert.rejects(
    startPrometheus({ config: 'scrape_configs: 7' }),
    /^Error: Prometheus did not start: .*cannot unmarshal/,
  );
});

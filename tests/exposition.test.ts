import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AlwaysOffSampler, BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { Gauge } from 'prom-client';
import { createExposition } from '../src/m2_3_monitoring/server/exposition.js';
import { adaptedConfig, requireTool, startPrometheus } from '../src/stack/index.js';
import { testMonitoring } from './helpers/monitoring.js';
import { knownTools } from './helpers/repository.js';

const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracer = new BasicTracerProvider().getTracer('test');
const unsampled = new BasicTracerProvider({ sampler: new AlwaysOffSampler() }).getTracer('test');

/** Calls something inside a new span, and gives the span's trace id. */
async function inSpan(call: () => Promise<unknown>, by = tracer): Promise<string> {
  const span = by.startSpan('call');
  await context.with(trace.setSpan(context.active(), span), call);
  return span.spanContext().traceId;
}

async function served(t: { after(done: () => unknown): void }) {
  const monitoring = testMonitoring({ wallClock: Date.now });
  const server = await monitoring.startMetricsServer(0);
  t.after(() => server.close());
  const ask = monitoring.monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async () => {
    monitoring.advance(700);
    return { input_tokens: 10, output_tokens: 5, relevance_score: 0.8 };
  });
  const scrape = async (accept = OPEN_METRICS) => (await fetch(server.url, { headers: { accept } })).text();
  return { ...monitoring, server, ask, scrape };
}

describe('both formats', () => {
  test('never renames a counter: not in OpenMetrics, and not in the text that is scraped afterwards', async (t) => {
    const { ask, scrape } = await served(t);
    await ask();
    const before = await scrape('text/plain');
    const openMetrics = await scrape();
    const after = await scrape('text/plain');
    const names = (text: string) => new Set([...text.matchAll(/^(rag_\w+)/gm)].map(([name]) => name));
    assert.deepEqual(names(after), names(before));
    assert.deepEqual(names(openMetrics), names(before));
    assert.match(
      openMetrics,
      /^# TYPE rag_total_cost_usd unknown\n# HELP .*\nrag_total_cost_usd\{model="gpt-4"\} 0\.0006$/m,
    );
    assert.match(openMetrics, /^# TYPE rag_requests counter$/m);
    assert.match(openMetrics, /\n# EOF\n$/);
  });
});

test('no number that is none is shown, also not in the first scrape', async (t) => {
  const { scrape } = await served(t);
  for (const accept of ['text/plain', OPEN_METRICS]) {
    const text = await scrape(accept);
    assert.doesNotMatch(text, / nan$|9223372036/im);
    assert.match(text, /^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m);
  }
});

test('gzip is used where it is understood, for a small page and for a large one', async (t) => {
  const { server, scrape, registry } = await served(t);
  const compressed = async () => {
    const sent = request({ port: server.port, path: '/metrics', headers: { 'accept-encoding': 'gzip' } }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    assert.equal(response.headers['content-encoding'], 'gzip');
    const bytes = await buffer(response);
    const length = response.headers['content-length'];
    return { bytes: bytes.length, length, text: gunzipSync(bytes).toString() };
  };
  const small = await compressed();
  assert.match(small.text, /^rag_scrape_size_bytes /m);
  assert.ok(small.bytes < (await scrape()).length / 3);
  assert.equal(small.length, String(small.bytes));

  const gauge = new Gauge({ name: 'numbered', help: 'Many', labelNames: ['number'], registers: [registry] });
  for (let number = 0; number < 5000; number++) gauge.set({ number }, number);
  const { text, length } = await compressed();
  assert.ok(text.length > 100_000);
  // It is read before its end is written.
  assert.equal(length, undefined);
  assert.match(text, /^numbered\{number="4999"\} 4999$/m);
});

test('scrapes at the same time are collected once, and the next one reports how long and large that was', async () => {
  const { registry, metrics, series } = testMonitoring();
  const gate = new EventEmitter();
  let collected = 0;
  const collect = async () => {
    collected += 1;
    await once(gate, 'open');
  };
  new Gauge({ name: 'slow', help: 'A metric that takes its time', registers: [registry], collect });
  let nowMs = 0;
  const exposition = createExposition(registry, metrics, () => nowMs);
  const never = new AbortController().signal;
  const scrapes = [1, 2, 3].map(() => exposition.render('text', 60_000, never));
  nowMs = 250;
  gate.emit('open');
  const pages = await Promise.all(scrapes);
  assert.equal(collected, 1);
  assert.equal(new Set(pages).size, 1);
  await pages[0]?.completed;
  registry.removeSingleMetric('slow');
  assert.equal(await series('rag_scrape_size_bytes'), pages[0]?.bytes);
  assert.equal(await series('rag_scrape_duration_seconds'), 0.25);
});

describe('an exemplar', () => {
  test('leads from a bucket to the trace, where a sampled span is active', async (t) => {
    const { ask, scrape } = await served(t);
    const traceId = await inSpan(ask);
    const text = await scrape();
    assert.match(
      text,
      new RegExp(
        `^rag_query_latency_seconds_bucket\\{le="1\\.0",operation="ask"\\} 1 # \\{trace_id="${traceId}"\\} 0\\.7 \\d+\\.\\d{3}$`,
        'm',
      ),
    );
    assert.doesNotMatch(await scrape('text/plain'), /trace_id/);
  });

  test('is not there without a span, or with one that is not sampled', async (t) => {
    const { ask, scrape } = await served(t);
    await ask();
    await inSpan(ask, unsampled);
    assert.doesNotMatch(await scrape(), /trace_id/);
  });
});

describe('other parsers read both formats', () => {
  test('promtool finds nothing to complain of in our metrics', async (t) => {
    const { ask, registry } = await served(t);
    await ask();
    const ours = (await registry.metrics()).split('\n\n').filter((block) => block.startsWith('# HELP rag_'));
    const { stdout, stderr } = spawnSync(requireTool('promtool'), ['check', 'metrics'], {
      input: `${ours.join('\n')}\n`,
      encoding: 'utf8',
    });
    // The one name that it would have otherwise is the source lesson's, and stays.
    assert.equal(`${stdout}${stderr}`.trim(), 'rag_total_cost_usd counter metrics should have "_total" suffix');
  });

  test("Python's prometheus_client does, with exemplars", async (t) => {
    const { ask, scrape } = await served(t);
    const traceId = await inSpan(ask);
    const python = knownTools().jupyterPython ?? 'python3';
    const parse = (module: string, text: string) =>
      execFileSync(python, ['-c', PARSE_IN_PYTHON, module], { input: text, encoding: 'utf8' }).trim().split('\n');
    const text = parse('prometheus_client.parser', await scrape('text/plain'));
    const openMetrics = parse('prometheus_client.openmetrics.parser', await scrape());
    // Python adds the suffix to every counter of the text format, also to one whose name does not have it.
    assert.ok(text.includes('rag_total_cost_usd_total model=gpt-4 0.0006'));
    assert.ok(openMetrics.includes('rag_total_cost_usd model=gpt-4 0.0006'));
    assert.ok(openMetrics.includes(`exemplar ${traceId}`));
  });

  test('a real Prometheus does, and gives the exemplars back', async (t) => {
    const { ask, server } = await served(t);
    const traceId = await inSpan(ask);
    const config = adaptedConfig({ target: `127.0.0.1:${server.port}`, intervalSeconds: 1 });
    const prometheus = await startPrometheus({ config, flags: ['--enable-feature=exemplar-storage'] });
    t.after(() => prometheus.stop());
    await prometheus.waitUntil(
      'a scrape',
      async () => (await prometheus.query('rag_total_cost_usd'))[0]?.value === 0.0006,
    );
    const end = Math.ceil(Date.now() / 1000);
    type Found = { exemplars: { labels: { trace_id: string }; value: string }[] }[];
    const found = await prometheus.api<Found>(
      `query_exemplars?query=rag_query_latency_seconds_bucket&start=${end - 60}&end=${end}`,
    );
    assert.deepEqual(
      found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id)),
      [traceId],
    );
    const [bucket] = await prometheus.query('rag_query_latency_seconds_bucket{le="1.0"}');
    assert.equal(bucket?.value, 1);
  });
});

const PARSE_IN_PYTHON = `
import importlib, sys
parser = importlib.import_module(sys.argv[1])
for family in parser.text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(sample.name, ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items())), sample.value)
        if sample.exemplar: print("exemplar", sample.exemplar.labels["trace_id"])
`;

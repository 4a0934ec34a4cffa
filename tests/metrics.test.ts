import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Histogram, Registry } from 'prom-client';
import {
  catalogue,
  createMonitoring,
  type MetricDefinition,
  readRateLimitHeaders,
} from '../src/m2_3_monitoring/index.js';
import { requests, testMonitoring } from './helpers/monitoring.js';

test('every metric of the catalogue is on /metrics with its type and help before anything is recorded', async () => {
  const exposition = await testMonitoring().registry.metrics();
  for (const { name, type, help } of Object.values(catalogue)) {
    assert.match(exposition, new RegExp(`^# HELP ${name} ${help.replace(/[.*+?^$()|[\]\\]/g, '\\$&')}$`, 'm'));
    assert.match(exposition, new RegExp(`^# TYPE ${name} ${type}$`, 'm'));
  }
  assert.match(exposition, /^process_cpu_seconds_total \d/m);
});

test('in the catalogue the buckets of a histogram ascend, and a gauge has an aggregator for workers', () => {
  for (const { name, type, buckets, aggregator } of Object.values<MetricDefinition>(catalogue)) {
    if (type === 'histogram')
      assert.deepEqual(
        buckets,
        [...new Set(buckets)].sort((a, b) => a - b),
        name,
      );
    if (type === 'gauge') assert.ok(aggregator, `${name} says how workers are aggregated`);
  }
});

test('known series stand at 0 from the start', async () => {
  const { monitoredQuery, series } = testMonitoring();
  monitoredQuery({ operation: 'ask', model: 'gpt-4' })(() => undefined);
  assert.equal(await series(requests('ask', 'error')), 0);
  assert.equal(await series('rag_query_latency_seconds_count{operation="ask"}'), 0);
  assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0);
  assert.equal(await series('rag_cache_hits_total{cache_type="semantic"}'), 0);
});

test('two instances count separately; two on one registry share the metrics and count nothing twice', async () => {
  const first = testMonitoring();
  const second = testMonitoring();
  const shared = testMonitoring({ registry: first.registry });
  await first.monitoredQuery({ operation: 'ask' })(async () => 1)();
  assert.equal(await shared.series(requests('ask', 'success')), 1);
  assert.equal(await second.series(requests('ask', 'success')), undefined);
});

test('a registry in which another metric has one of the names is refused, with that name', () => {
  const registry = new Registry();
  new Counter({ name: 'rag_active_requests', help: 'x', registers: [registry] });
  assert.throws(
    () => createMonitoring({ registry }),
    /`registry`: expected .* under the name rag_active_requests, got \[Counter\]/,
  );
});

test('recording a bad value or a wrong label by hand is counted, and never throws', async () => {
  const { metrics, series, exposition } = testMonitoring();
  metrics.retrievalLatency.observe(Number.NaN);
  metrics.totalCost.inc({ model: 'm' }, Number.NaN);
  metrics.totalCost.inc({ model: 'm' }, -1);
  metrics.activeRequests.set(Number.POSITIVE_INFINITY);
  metrics.queryLatency.observe({ user: 'alice' } as never, 1);
  metrics.queryLatency.labels({ user: 'alice' } as never).observe(1);
  metrics.retrievalLatency.observe('3' as unknown as number);
  assert.equal(await series('rag_dropped_values_total{field="rag_retrieval_latency_seconds",reason="not_finite"}'), 1);
  assert.equal(await series('rag_dropped_values_total{field="rag_total_cost_usd",reason="not_finite"}'), 1);
  assert.equal(await series('rag_dropped_values_total{field="rag_total_cost_usd",reason="refused"}'), 1);
  assert.equal(await series('rag_dropped_values_total{field="rag_query_latency_seconds",reason="refused"}'), 2);
  assert.doesNotMatch(await exposition(), /NaN|alice/i);
});

test('cache operations are counted as hits and misses, with their hit rate since the start', async () => {
  const { trackCacheOperation, series } = testMonitoring();
  for (const hit of [true, true, false, true]) trackCacheOperation({ hit });
  trackCacheOperation({ hit: false, cacheType: 'embedding' });
  assert.equal(await series('rag_cache_hits_total{cache_type="semantic"}'), 3);
  assert.equal(await series('rag_cache_misses_total{cache_type="semantic"}'), 1);
  assert.equal(await series('rag_cache_hit_rate{cache_type="semantic"}'), 0.75);
  assert.equal(await series('rag_cache_hit_rate{cache_type="embedding"}'), 0);
});

test("a provider's rate limit is shown, and its -1 for unknown is not", async () => {
  const { trackRateLimit, trackRateLimitHit, series } = testMonitoring();
  trackRateLimit({ provider: 'openai', remaining: 42 });
  trackRateLimit({ provider: 'openai', remaining: -1 });
  trackRateLimitHit({ provider: 'openai' });
  assert.equal(await series('rag_rate_limit_remaining{provider="openai"}'), 42);
  assert.equal(await series('rag_rate_limit_hits_total{provider="openai"}'), 1);
  assert.equal(await series('rag_dropped_values_total{field="rate_limit_remaining",reason="negative"}'), 1);
});

test('the number of requests left disappears at the end of its window, when it is no longer known', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { trackRateLimit, series } = testMonitoring();
  trackRateLimit({ provider: 'openai', remaining: 3, resetMs: 60_000 });
  t.mock.timers.tick(59_000);
  assert.equal(await series('rag_rate_limit_remaining{provider="openai"}'), 3);
  trackRateLimit({ provider: 'openai', remaining: 5000, resetMs: 60_000 });
  t.mock.timers.tick(59_000);
  assert.equal(await series('rag_rate_limit_remaining{provider="openai"}'), 5000);
  t.mock.timers.tick(2000);
  assert.equal(await series('rag_rate_limit_remaining{provider="openai"}'), undefined);
});

test('trackers called with nonsense count it, and never throw', async () => {
  const { trackCacheOperation, trackRateLimit, trackRateLimitHit, series } = testMonitoring();
  for (const track of [trackCacheOperation, trackRateLimit, trackRateLimitHit])
    (track as (input?: unknown) => void)(undefined);
  assert.equal(await series('rag_dropped_values_total{field="tracker",reason="refused"}'), 3);
});

test('the rate-limit headers of providers are read, and what is unknown or malformed is left out', () => {
  const now = Date.UTC(2026, 0, 1);
  const read = (headers: Record<string, string>) => {
    const found = readRateLimitHeaders(new Headers(headers), now);
    return [found.remainingRequests, found.resetMs, found.retryAfterMs];
  };
  const openAi = (remaining: string, reset: string) => ({
    'x-ratelimit-remaining-requests': remaining,
    'x-ratelimit-reset-requests': reset,
  });
  assert.deepEqual(read(openAi('4999', '6m0s')), [4999, 360_000, undefined]);
  assert.deepEqual(read(openAi('1', '12ms')), [1, 12, undefined]);
  assert.deepEqual(read(openAi('1', '1h2m3.5s')), [1, 3_723_500, undefined]);
  assert.deepEqual(read(openAi('-1', '0')), [undefined, 0, undefined]);
  assert.deepEqual(read(openAi('9223372036854775807', 'soon')), [undefined, undefined, undefined]);
  assert.deepEqual(read({ 'retry-after': '7' }), [undefined, undefined, 7000]);
  assert.deepEqual(read({ 'retry-after': '7', 'retry-after-ms': '250' }), [undefined, undefined, 250]);
  const anthropic = {
    'anthropic-ratelimit-requests-remaining': '3',
    'anthropic-ratelimit-requests-reset': '2026-01-01T00:01:00Z',
  };
  assert.deepEqual(read(anthropic), [3, 60_000, undefined]);
});

test('observe, reset, remove and zero of prom-client work on a series in which calls are counted', async () => {
  const monitoring = testMonitoring();
  const sharing = testMonitoring({ registry: monitoring.registry });
  const { metrics, series, advance } = monitoring;
  const ask = async (by = monitoring) => by.monitoredQuery({ operation: 'ask' })(() => void advance(700))();
  const bucket = () => series('rag_query_latency_seconds_bucket{le="1",operation="ask"}');
  await ask();
  metrics.queryLatency.observe({ operation: 'ask' }, 0.8);
  metrics.queryLatency.labels({ operation: 'ask' }).observe(0.9);
  await ask(sharing);
  await ask();
  assert.equal(await bucket(), 5);
  assert.equal(await series('rag_query_latency_seconds_count{operation="ask"}'), 5);
  metrics.queryLatency.remove({ operation: 'ask' });
  assert.equal(await bucket(), undefined);
  await ask();
  assert.equal(await bucket(), 1);
  metrics.queryLatency.zero({ operation: 'ask' });
  assert.equal(await bucket(), 0);
  await ask();
  monitoring.registry.resetMetrics();
  await ask();
  assert.equal(await bucket(), 1);
  assert.equal(await series(requests('ask', 'success')), 1);
  assert.equal(await series('rag_active_requests'), 0);
});

test('the latency of calls is shown to the byte as prom-client shows the same observations', async () => {
  // Multiples of 1/8 s: clock, difference and sum are exact.
  const seconds = Array.from({ length: 2000 }, (_, i) => ((i * 7919) % 1000) / 8);
  const { monitoredQuery, registry, advance } = testMonitoring();
  const plain = new Registry();
  const { name, help, labels, buckets } = catalogue.queryLatency;
  const histogram = new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [plain] });
  const ask = monitoredQuery({ operation: 'ask' })((ms: number) => advance(ms));
  for (const value of seconds) {
    ask(value * 1000);
    histogram.observe({ operation: 'ask' }, value);
  }
  assert.equal(await registry.getSingleMetricAsString(name), await plain.getSingleMetricAsString(name));
});

test('a number of active requests that was set by hand stands until a call begins or ends', async () => {
  const { monitoredQuery, metrics, series } = testMonitoring();
  const ask = monitoredQuery()(() => new Promise(() => undefined));
  metrics.activeRequests.set(42);
  assert.equal(await series('rag_active_requests'), 42);
  assert.equal(await series('rag_active_requests'), 42);
  void ask();
  assert.equal(await series('rag_active_requests'), 1);
});

test('a reset during a call leaves no negative number of calls in progress', async () => {
  const { monitoredQuery, registry, series } = testMonitoring();
  const ask = monitoredQuery()(async () => registry.resetMetrics());
  await ask();
  assert.equal(await series('rag_active_requests'), 0);
});

test('a clock that goes back or fails takes nothing from the sum of durations', async () => {
  const times = [5000, 1000, Number.NaN];
  const { monitoredQuery, series } = testMonitoring({ now: () => times.shift() ?? 0 });
  const ask = monitoredQuery({ operation: 'ask' })(() => 1);
  ask();
  ask();
  assert.equal(await series('rag_query_latency_seconds_sum{operation="ask"}'), 0);
  assert.equal(await series('rag_query_latency_seconds_count{operation="ask"}'), 2);
});

test('options of createMonitoring that do not exist or have a wrong value are refused', () => {
  assert.throws(
    () => createMonitoring({ registery: 1 } as object),
    /`registery`: no such option; known are registry, config/,
  );
  assert.throws(
    () => createMonitoring({ now: 5 as never }),
    /`now`: expected a function that gives milliseconds, got 5 \(number\)/,
  );
  assert.throws(
    () => createMonitoring({ destination: {} as never }),
    /`destination`: expected an object with a method `write`/,
  );
  assert.throws(
    () => createMonitoring({ config: { METRICS_PORT: 'abc' as never } }),
    /`METRICS_PORT`: expected a port number/,
  );
});

test('monitoredFetch never changes what its fetch gives or throws', async () => {
  const { monitoredFetch, series } = testMonitoring();
  const odd = { ok: true, status: 200 } as Response;
  assert.equal(await monitoredFetch({ provider: 'p', fetch: async () => odd })('http://x'), odd);
  assert.equal(await series('rag_llm_attempts_total{provider="p",status="success"}'), 1);
  assert.equal(await series('rag_llm_attempts_total{provider="p",status="error"}'), 0);
  const failing = monitoredFetch({ provider: 'p', fetch: () => Promise.reject(new TypeError('fetch failed')) });
  await assert.rejects(failing('http://x'), /fetch failed/);
  assert.equal(await series('rag_llm_attempts_total{provider="p",status="error"}'), 1);
  assert.throws(() => monitoredFetch({} as never), /`provider`: expected a text that is not empty, got undefined/);
});

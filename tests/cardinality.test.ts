import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMonitoring } from '../src/m2_3_monitoring/index.js';
import { requests, testMonitoring } from './helpers/monitoring.js';

test('a label has at most maxLabelValues values; the others count as `other`, so that totals and ratios stay right', async () => {
  const { metrics, series } = testMonitoring({ maxLabelValues: 2 });
  for (const endpoint of ['a', 'b', 'c', 'd']) {
    metrics.requestsTotal.inc({ endpoint, status: 'success' }, 9);
    metrics.requestsTotal.inc({ endpoint, status: 'error' });
  }
  assert.equal(await series(requests('a', 'success')), 9);
  assert.equal(await series(requests('other', 'success')), 18);
  assert.equal(await series(requests('other', 'error')), 2);
  assert.equal(await series(requests('c', 'error')), undefined);
  assert.equal(await series('rag_label_overflow_total{metric="rag_requests_total",label="endpoint"}'), 4);
});

test('a label whose values the module defines is limited too, except for those values', async () => {
  const { metrics, exposition, series } = testMonitoring({ maxLabelValues: 2 });
  for (let i = 0; i < 50; i++) metrics.requestsTotal.inc({ endpoint: 'ask', status: `status-${i}` as 'error' });
  metrics.requestsTotal.inc({ endpoint: 'ask', status: 'timeout' });
  assert.equal(await series(requests('ask', 'timeout')), 1);
  assert.equal((await exposition()).split('\n').filter((line) => line.startsWith('rag_requests_total{')).length, 4);
});

test('each label is limited separately: models overflow, and statuses stay exact', async () => {
  const { monitoredQuery, series } = testMonitoring({ maxLabelValues: 1 });
  for (const model of ['a', 'b', 'c'])
    await monitoredQuery({ operation: 'ask', model })(async () => ({ input_tokens: 1, output_tokens: 1 }))();
  assert.equal(await series('rag_input_tokens_count{model="a"}'), 1);
  assert.equal(await series('rag_input_tokens_count{model="other"}'), 2);
  assert.ok(((await series('rag_label_overflow_total{metric="rag_input_tokens",label="model"}')) ?? 0) >= 2);
  assert.ok(((await series('rag_label_overflow_total{metric="rag_total_cost_usd",label="model"}')) ?? 0) >= 2);
  assert.equal(await series(requests('ask', 'success')), 3);
  assert.equal(await series(requests('ask', 'error')), 0);
});

test('a model beyond the limit is counted with the others at its own price', async () => {
  const { monitoredQuery, series } = testMonitoring({ maxLabelValues: 1 });
  for (const model of ['home-made', 'gpt-4'])
    await monitoredQuery({ operation: 'ask', model })(async () => ({ input_tokens: 1000, output_tokens: 500 }))();
  assert.equal(await series('rag_total_cost_usd{model="other"}'), 0.06);
});

test('a value beyond the limit is counted as overflow each time that it comes', async () => {
  const { trackCacheOperation, series } = testMonitoring({ maxLabelValues: 1 });
  for (const cacheType of ['mine', 'yours', 'yours', 'yours']) trackCacheOperation({ hit: true, cacheType });
  assert.equal(await series('rag_cache_hits_total{cache_type="other"}'), 4);
  assert.equal(await series('rag_label_overflow_total{metric="rag_cache_hits_total",label="cache_type"}'), 4);
});

test('the label of models takes only those of MODELS where that is set', async () => {
  const { metrics, series } = testMonitoring({ config: { MODELS: 'gpt-4o, gpt-4o-mini' } });
  for (const model of ['gpt-4o', 'gpt-4o-mini', 'junk']) metrics.totalCost.inc({ model }, 1);
  assert.equal(await series('rag_total_cost_usd{model="gpt-4o-mini"}'), 1);
  assert.equal(await series('rag_total_cost_usd{model="other"}'), 1);
});

test('a label takes long, odd and unreadable values without harm', async () => {
  const { metrics, exposition } = testMonitoring();
  const unreadable = {
    toString() {
      throw new Error('no');
    },
  };
  const values = ['x'.repeat(10_000), '\ud800', 'a"b\\c\nd', Symbol('s'), unreadable, undefined, null, 7];
  for (const model of values) metrics.totalCost.inc({ model: model as string }, 1);
  const lines = (await exposition()).split('\n').filter((line) => line.startsWith('rag_total_cost_usd{'));
  assert.equal(lines.length, values.length);
  assert.ok(lines.every((line) => line.length < 200));
});

test('a label with unbounded values is refused by the type, and when the metric is made', () => {
  const { defineMetric } = testMonitoring();
  // @ts-expect-error user_id is an UnboundedLabelName
  const define = () => defineMetric({ name: 'app_total', type: 'counter', help: 'x', labels: ['user_id'] });
  assert.throws(
    define,
    /`labels`: expected labels with few values, got "user_id" \(string\); each of its values would make new series/,
  );
  for (const label of ['session', 'request_id', 'prompt', 'timestamp', 'trace_id', 'query_text']) {
    assert.throws(
      () => defineMetric({ name: 'app_total', type: 'counter', help: 'x', labels: [label as 'fine'] }),
      new RegExp(`"${label}"`),
    );
  }
});

test('a metric that the service defines is guarded as the others are, and defined once', async () => {
  const { defineMetric, series, registry } = testMonitoring({ maxLabelValues: 1 });
  const define = () => defineMetric({ name: 'app_jobs_total', type: 'counter', help: 'Jobs', labels: ['queue'] });
  const jobs = define();
  jobs.inc({ queue: 'mail' });
  jobs.inc({ queue: 'more' });
  jobs.inc({ queue: 'mail' }, Number.NaN);
  assert.equal(define(), jobs);
  assert.match(await registry.metrics(), /app_jobs_total{queue="other"} 1/);
  assert.equal(await series('rag_dropped_values_total{field="app_jobs_total",reason="not_finite"}'), 1);
  const descending = () => defineMetric({ name: 'app_seconds', type: 'histogram', help: 'x', buckets: [5, 1] });
  assert.throws(descending, /`buckets`: expected ascending numbers for app_seconds, got \[ 5, 1 \]/);
});

test('a metric whose name differs from another by "_total" only is refused, as OpenMetrics has one name for both', () => {
  const { defineMetric } = testMonitoring();
  defineMetric({ name: 'app_jobs_total', type: 'counter', help: 'x' });
  assert.throws(
    () => defineMetric({ name: 'app_jobs', type: 'gauge', help: 'x' }),
    /differs from app_jobs_total by more than "_total"/,
  );
});

test('trackers keep a bounded number of providers and caches', async () => {
  const { trackCacheOperation, trackRateLimit, exposition } = testMonitoring({ maxLabelValues: 3 });
  for (let i = 0; i < 1000; i++) {
    trackCacheOperation({ hit: true, cacheType: `c${i}` });
    trackRateLimit({ provider: `p${i}`, remaining: 1, resetMs: 1000 });
  }
  assert.equal(
    (await exposition()).split('\n').filter((line) => /^rag_(cache_hits_total|rate_limit_remaining)\{/.test(line))
      .length,
    8,
  );
});

test('maxLabelValues that is no positive integer is refused', () => {
  for (const maxLabelValues of [0, 1.5, Number.NaN, '7' as unknown as number]) {
    assert.throws(() => createMonitoring({ maxLabelValues }), /`maxLabelValues`: expected an integer of at least 1/);
  }
});

test('the series budget counts the series that the registry has', async () => {
  const { metrics, seriesBudget, exposition } = testMonitoring({ maxLabelValues: 3 });
  for (let value = 0; value < 50; value++) metrics.queryLatency.observe({ operation: `o${value}` }, 1);
  const budget = seriesBudget().find(({ metric }) => metric === 'rag_query_latency_seconds');
  assert.deepEqual(budget, { metric: 'rag_query_latency_seconds', seriesPerLabelSet: 17, labelSets: 4, series: 68 });
  const lines = (await exposition()).split('\n').filter((line) => line.startsWith('rag_query_latency_seconds'));
  assert.equal(lines.length, 68);
});

test('the series budget takes the expected numbers of values, and is sorted by size', () => {
  const budget = testMonitoring().seriesBudget({ operation: 3, model: 2, endpoint: 3, error_type: 5, cache_type: 1 });
  assert.equal(budget.find(({ metric }) => metric === 'rag_query_latency_seconds')?.series, 51);
  assert.deepEqual(
    budget.map(({ series }) => series),
    budget.map(({ series }) => series).sort((a, b) => b - a),
  );
});

test('a million distinct hostile values make a bounded number of series on a bounded heap', async () => {
  const { metrics, exposition } = testMonitoring();
  const fill = (from: number, to: number) => {
    for (let i = from; i < to; i++) metrics.totalCost.inc({ model: `user-${i}","x="${i}` }, 1);
  };
  fill(0, 100_000);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  fill(100_000, 1_000_000);
  globalThis.gc?.();
  const grownBytes = process.memoryUsage().heapUsed - before;
  const lines = (await exposition()).split('\n').filter((line) => line.startsWith('rag_total_cost_usd{'));
  assert.equal(lines.length, 101);
  assert.match(lines.join('\n'), /model="other"} 999900$/m);
  assert.ok(grownBytes < 32e6, `the heap grew by ${grownBytes} bytes`);
});

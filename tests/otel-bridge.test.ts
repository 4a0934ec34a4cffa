import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { GEN_AI_CONVENTIONS } from '../src/m2_3_monitoring/index.js';
import { testMonitoring } from './helpers/monitoring.js';

test('the OpenTelemetry bridge records the same calls under the names of the GenAI conventions, with their units, boundaries and attributes', async (t) => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  t.after(() => provider.shutdown());

  const { monitoredQuery, advance } = testMonitoring({ config: { OTEL_BRIDGE: true } });
  const watch = monitoredQuery({ operation: 'ask', model: 'gpt-4', provider: 'openai' });
  await watch(async () => {
    advance(1500);
    return { input_tokens: 100, output_tokens: 11 };
  })();
  const stream = watch(async function* () {
    advance(500);
    yield 'a';
    advance(1000);
    yield { input_tokens: 100, output_tokens: 11 };
  });
  for await (const _ of stream()) void _;
  await assert.rejects(watch(async () => Promise.reject(new RangeError('no')))());

  await reader.forceFlush();
  const found = new Map(
    exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics.map((metric) => [metric.descriptor.name, metric]),
  );
  type Point = {
    attributes: Record<string, unknown>;
    value: { sum: number; count: number; buckets: { boundaries: number[] } };
  };
  const points = (name: string) => (found.get(name)?.dataPoints ?? []) as unknown as Point[];

  for (const { name, unit, boundaries } of [
    GEN_AI_CONVENTIONS.operationDuration,
    GEN_AI_CONVENTIONS.tokenUsage,
    GEN_AI_CONVENTIONS.timeToFirstChunk,
    GEN_AI_CONVENTIONS.timePerOutputChunk,
  ]) {
    assert.equal(found.get(name)?.descriptor.unit, unit, name);
    assert.deepEqual(points(name)[0]?.value.buckets.boundaries, boundaries, name);
  }
  assert.deepEqual(
    GEN_AI_CONVENTIONS.operationDuration.boundaries.map((bound) => Number(bound.toFixed(2))).slice(-2),
    [40.96, 81.92],
  );
  assert.equal(GEN_AI_CONVENTIONS.tokenUsage.boundaries.at(-1), 67_108_864);

  const common = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4' };
  const [good, bad] = points('gen_ai.client.operation.duration');
  assert.deepEqual(good?.attributes, common);
  assert.deepEqual({ sum: good?.value.sum, count: good?.value.count }, { sum: 3, count: 2 });
  assert.deepEqual(bad?.attributes, { ...common, 'error.type': 'RangeError' });
  const tokens = points('gen_ai.client.token.usage');
  assert.deepEqual(
    tokens.map(({ attributes, value }) => [attributes['gen_ai.token.type'], value.sum]),
    [
      ['input', 200],
      ['output', 22],
    ],
  );
  assert.equal(points('gen_ai.client.operation.time_to_first_chunk')[0]?.value.sum, 0.5);
  assert.ok(Math.abs((points('gen_ai.client.operation.time_per_output_chunk')[0]?.value.sum ?? 0) - 0.1) < 1e-9);
});

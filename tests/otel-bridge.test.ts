import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { GEN_AI_CONVENTIONS } from '../src/m2_3_monitoring/index.js';
import { drain } from './helpers/drain.js';
import { testMonitoring } from './helpers/monitoring.js';

interface Point {
  attributes: Record<string, unknown>;
  value: { sum: number; count: number; buckets: { boundaries: number[] } };
}

/** Monitoring with the bridge, and what a meter provider of the process has received. */
function bridged(t: TestContext) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  t.after(() => {
    metrics.disable();
    return provider.shutdown();
  });
  const { monitoredQuery, advance } = testMonitoring({ config: { OTEL_BRIDGE: true } });
  return {
    watch: monitoredQuery({ operation: 'ask', model: 'gpt-4', provider: 'openai' }),
    advance,
    async received() {
      await reader.forceFlush();
      const found = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
      const byName = new Map(found.map((metric) => [metric.descriptor.name, metric]));
      return {
        unit: (name: string) => byName.get(name)?.descriptor.unit,
        points: (name: string) => (byName.get(name)?.dataPoints ?? []) as unknown as Point[],
      };
    },
  };
}

type Bridged = ReturnType<typeof bridged>;

const answer = ({ watch, advance }: Bridged, result: object = { input_tokens: 100, output_tokens: 11 }) =>
  watch(async () => {
    advance(1500);
    return result;
  })();

const stream = ({ watch, advance }: Bridged) =>
  watch(async function* () {
    advance(500);
    yield 'a';
    advance(1000);
    yield { input_tokens: 100, output_tokens: 11 };
  })();

const COMMON = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4' };

test('the OpenTelemetry bridge records a call under the names of the GenAI conventions, with their attributes', async (t) => {
  const bridge = bridged(t);
  await answer(bridge);
  await answer(bridge, { input_tokens: 50, output_tokens: 5, model: 'gpt-4-0613' });
  const { points } = await bridge.received();
  const [named, other] = points('gen_ai.client.operation.duration');
  assert.deepEqual([named?.attributes, named?.value.sum, named?.value.count], [COMMON, 1.5, 1]);
  assert.deepEqual(other?.attributes, { ...COMMON, 'gen_ai.response.model': 'gpt-4-0613' });
  assert.deepEqual(
    points('gen_ai.client.token.usage').map(({ attributes, value }) => [attributes['gen_ai.token.type'], value.sum]),
    [
      ['input', 100],
      ['output', 11],
      ['input', 50],
      ['output', 5],
    ],
  );
  assert.deepEqual(points('gen_ai.client.operation.time_to_first_chunk'), []);
});

test('the OpenTelemetry bridge records of a stream the time to its first chunk and for each token after it', async (t) => {
  const bridge = bridged(t);
  await drain(stream(bridge));
  const { points } = await bridge.received();
  assert.equal(points('gen_ai.client.operation.duration')[0]?.value.sum, 1.5);
  assert.equal(points('gen_ai.client.operation.time_to_first_chunk')[0]?.value.sum, 0.5);
  assert.equal(points('gen_ai.client.operation.time_per_output_chunk')[0]?.value.sum, 0.1);
});

test('the OpenTelemetry bridge names the type of an error, or what else has ended a call, on the duration alone', async (t) => {
  const bridge = bridged(t);
  const errors = [
    new RangeError('no'),
    Object.assign(new Error('slow down'), { status: 429, usage: { input_tokens: 1, output_tokens: 0 } }),
    new DOMException('late', 'TimeoutError'),
    new DOMException('gone', 'AbortError'),
  ];
  for (const error of errors) await assert.rejects(bridge.watch(async () => Promise.reject(error))());
  const { points } = await bridge.received();
  assert.deepEqual(
    points('gen_ai.client.operation.duration').map(({ attributes }) => attributes),
    ['RangeError', 'rate_limited', 'timeout', 'aborted'].map((type) => ({ ...COMMON, 'error.type': type })),
  );
  for (const { attributes } of points('gen_ai.client.token.usage')) assert.ok(!('error.type' in attributes));
});

test('the OpenTelemetry bridge has the units and boundaries of the GenAI conventions', async (t) => {
  const bridge = bridged(t);
  await drain(stream(bridge));
  const { unit, points } = await bridge.received();
  const { operationDuration, tokenUsage, timeToFirstChunk, timePerOutputChunk } = GEN_AI_CONVENTIONS;
  for (const convention of [operationDuration, tokenUsage, timeToFirstChunk, timePerOutputChunk]) {
    assert.equal(unit(convention.name), convention.unit);
    assert.deepEqual(points(convention.name)[0]?.value.buckets.boundaries, convention.boundaries);
  }
  // As the conventions list them: 0.01 s doubled 13 times, and 1 token times 4, 13 times.
  assert.deepEqual([operationDuration.boundaries[0], operationDuration.boundaries.at(-1)], [0.01, 81.92]);
  assert.deepEqual([tokenUsage.boundaries[0], tokenUsage.boundaries.at(-1)], [1, 67_108_864]);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  CompactCounter,
  CompactGauge,
  CompactHistogram,
  CompactRegistry,
} from '../src/m2_3_monitoring/series/index.js';

// Our metrics against prom-client's: the same operations on both, and from outside nobody can tell which is which.

const BUCKETS = [0.1, 1, 2.5, 10];

interface Library {
  Counter: typeof Counter;
  Gauge: typeof Gauge;
  Histogram: typeof Histogram;
  Registry: typeof Registry;
}

const THEIRS: Library = { Counter, Gauge, Histogram, Registry };
const OURS: Library = {
  Counter: CompactCounter as typeof Counter,
  Gauge: CompactGauge as typeof Gauge,
  Histogram: CompactHistogram as typeof Histogram,
  Registry: CompactRegistry as typeof Registry,
};

const METRICS = ['counter', 'gauge', 'histogram', 'labelled_counter', 'labelled_gauge', 'labelled_histogram'] as const;

function createSet(library: Library) {
  const registry = new library.Registry();
  const options = (name: string, labelNames: string[]) => ({
    name,
    help: `A "${name}"\\\n`,
    labelNames,
    registers: [registry],
  });
  const one = ['one'];
  const two = ['one', 'two'];
  const metrics = {
    counter: new library.Counter(options('counter', [])),
    gauge: new library.Gauge(options('gauge', [])),
    histogram: new library.Histogram({ ...options('histogram', []), buckets: BUCKETS }),
    labelled_counter: new library.Counter(options('labelled_counter', two)),
    labelled_gauge: new library.Gauge(options('labelled_gauge', one)),
    labelled_histogram: new library.Histogram({ ...options('labelled_histogram', two), buckets: BUCKETS }),
  };
  return { registry, metrics: metrics as unknown as Record<string, Record<string, (...values: unknown[]) => unknown>> };
}

// No `,` beside a `:`: prom-client takes {one: 'x,two:y'} and {one: 'x', two: 'y'} for the same series.
const value = fc.constantFrom<unknown>('a', 'b', '', 'quote "', 'back\\slash', 'line\nbreak', '日本', 7, undefined);
const labels = fc.oneof(
  fc.record({ one: value }),
  fc.record({ one: value, two: value }),
  fc.record({ two: value, one: value }),
  fc.constant({}),
  fc.constant({ unknown: 'label' }),
);
const number = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom<unknown>(0, -0, 0.1, 1, 2.5, 10, 1e21, -1, undefined, null, '3', Number.NaN, Infinity),
);
const given = fc.oneof(
  fc.tuple(labels, number),
  fc.tuple(number),
  fc.tuple(labels),
  fc.constant([] as unknown[]),
) as fc.Arbitrary<unknown[]>;
const operation = fc.oneof(
  fc.record({
    kind: fc.constant('call' as const),
    metric: fc.constantFrom(...METRICS),
    method: fc.constantFrom('inc', 'inc', 'dec', 'set', 'observe', 'observe', 'remove', 'reset', 'zero'),
    given,
  }),
  fc.record({
    kind: fc.constant('bound' as const),
    metric: fc.constantFrom(...METRICS),
    method: fc.constantFrom('inc', 'dec', 'set', 'observe'),
    labels: fc.oneof(labels, fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('a', 'c'))),
    given: fc.tuple(number) as fc.Arbitrary<unknown[]>,
  }),
  fc.record({
    kind: fc.constant('defaults' as const),
    labels: fc.constantFrom({}, { zone: 'eu' }, { one: 'theirs', zone: 'eu' }),
  }),
);
type Operation = typeof operation extends fc.Arbitrary<infer Type> ? Type : never;

/** Does an operation, and tells what was thrown. */
function apply({ registry, metrics }: ReturnType<typeof createSet>, one: Operation): string | undefined {
  if (one.kind === 'defaults') return void registry.setDefaultLabels(one.labels);
  const metric = metrics[one.metric] ?? {};
  try {
    if (one.kind === 'call') metric[one.method]?.(...one.given);
    else {
      const bound = Array.isArray(one.labels) ? metric.labels?.(...one.labels) : metric.labels?.(one.labels);
      (bound as Record<string, (...values: unknown[]) => unknown>)[one.method]?.(...one.given);
    }
  } catch (error) {
    return String(error);
  }
  return undefined;
}

/** What prom-client breaks on, or is poisoned by for good; guards keep it away from ours. */
const breaksTheirs = (one: Operation) =>
  one.kind !== 'defaults' &&
  (one.given.some((each) => Number.isNaN(each)) ||
    (/zero|remove/.test(one.method) && typeof one.given[0] !== 'object'));

describe('our metrics and prom-client’s', () => {
  test('give the same text, to the byte, the same JSON and the same errors after any operations', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 60 }), async (operations) => {
        const theirs = createSet(THEIRS);
        const ours = createSet(OURS);
        const onTheirRegistry = createSet({ ...OURS, Registry });
        for (const one of operations) {
          if (breaksTheirs(one)) continue;
          const expected = apply(theirs, one);
          assert.equal(apply(ours, one), expected);
          apply(onTheirRegistry, one);
        }
        const text = await theirs.registry.metrics();
        assert.equal(await ours.registry.metrics(), text);
        assert.equal(await onTheirRegistry.registry.metrics(), text);
        const json = async ({ registry }: typeof ours) => JSON.parse(JSON.stringify(await registry.getMetricsAsJSON()));
        assert.deepEqual(await json(ours), await json(theirs));
      }),
      { numRuns: 300, seed: Number(process.env.FUZZ_SEED ?? 1) },
    );
  });

  test('are aggregated over the workers of a cluster to the same text', async () => {
    const aggregate = async (library: Library) => {
      const workers = [1, 2, 3].map((worker) => {
        const { registry, metrics } = createSet(library);
        metrics.labelled_counter?.inc?.({ one: 'a', two: 'b' }, worker);
        metrics.labelled_gauge?.set?.({ one: `${worker % 2}` }, worker);
        for (const seconds of [0.05, worker]) metrics.labelled_histogram?.observe?.({ one: 'a' }, seconds);
        return registry.getMetricsAsJSON();
      });
      // As the workers send it: through JSON.
      return AggregatorRegistry.aggregate(JSON.parse(JSON.stringify(await Promise.all(workers)))).metrics();
    };
    assert.equal(await aggregate(OURS), await aggregate(THEIRS));
  });

  test('time a piece of work into the series of its labels', async () => {
    const { metrics, registry } = createSet(OURS);
    const end = metrics.labelled_histogram?.startTimer?.({ one: 'a' }) as (labels: object) => number;
    const seconds = end({ two: 'b' });
    assert.ok(seconds >= 0);
    const text = await registry.getSingleMetricAsString('labelled_histogram');
    assert.match(text, /^labelled_histogram_bucket\{le="0\.1",one="a",two="b"\} 1$/m);
  });

  test('are the same to `instanceof`, and to whoever asks the registry for them', () => {
    const { registry } = createSet(OURS);
    assert.ok(registry.getSingleMetric('counter') instanceof Counter);
    assert.ok(registry.getSingleMetric('labelled_gauge') instanceof Gauge);
    assert.ok(registry.getSingleMetric('histogram') instanceof Histogram);
    assert.ok(registry instanceof Registry);
  });
});

test('label values that prom-client takes for one series are two', async () => {
  const { metrics, registry } = createSet(OURS);
  metrics.labelled_counter?.inc?.({ one: 'x,two:y', two: 'z' });
  metrics.labelled_counter?.inc?.({ one: 'x', two: 'y,two:z' });
  const lines = (await registry.getSingleMetricAsString('labelled_counter')).split('\n').slice(2);
  assert.deepEqual(lines, ['labelled_counter{one="x,two:y",two="z"} 1', 'labelled_counter{one="x",two="y,two:z"} 1']);
});

test('a bound series counts with the others, and comes back after it was removed or reset', async () => {
  const histogram = new CompactHistogram({ name: 'h', help: 'h', labelNames: ['one'], buckets: [1], registers: [] });
  const bound = histogram.bind({ one: 'a' });
  const count = async () => (await histogram.get()).values.find(({ metricName }) => metricName === 'h_count')?.value;
  bound.observe(0.5);
  histogram.observe({ one: 'a' }, 2);
  assert.equal(await count(), 2);
  histogram.zero({ one: 'a' });
  bound.observe(0.5);
  assert.equal(await count(), 1);
  histogram.remove({ one: 'a' });
  assert.equal(await count(), undefined);
  histogram.observe({ one: 'b' }, 9); // takes the place that has become free
  bound.observe(0.5);
  assert.deepEqual(
    (await histogram.get()).values.map(({ value }) => value),
    [0, 1, 9, 1, 1, 1, 0.5, 1],
  );
  histogram.reset();
  bound.observe(0.5);
  assert.equal(await count(), 1);
});

test('ten thousand label sets are written in slices: whatever waits for the event loop has its turn in between', async () => {
  const registry = new CompactRegistry();
  const options = { name: 'h', help: 'h', labelNames: ['one', 'two'], buckets: BUCKETS, registers: [registry] };
  const histogram = new CompactHistogram(options);
  for (let i = 0; i < 10_000; i++) histogram.observe({ one: String(i % 100), two: String(i) }, 1);
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const text = await registry.metrics();
  isDone = true;
  assert.equal(text.split('\n').length, 10_000 * (BUCKETS.length + 3) + 3);
  assert.ok(turns > 1, `${turns} turns`);
});

test('a series that is removed and comes back while a scrape is being written stands there once', async () => {
  const registry = new CompactRegistry();
  const counter = new CompactCounter({ name: 'c_total', help: 'c', labelNames: ['q'], registers: [registry] });
  for (let index = 0; index < 60_000; index++) counter.inc({ q: `value-${index}` });
  const scrape = registry.metrics();
  setImmediate(() => {
    counter.remove({ q: 'value-0' });
    counter.inc({ q: 'value-0' });
  });
  const lines = (await scrape).split('\n').filter((line) => line.startsWith('c_total{q="value-0"}'));
  assert.equal(lines.length, 1);
});

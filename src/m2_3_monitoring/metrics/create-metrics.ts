/**
 * The metrics, and the checks of what is recorded in them.
 *
 * In: the catalogue.
 * Out: metrics that check values and limit labels.
 * Must not know: calls.
 *
 * @module
 */

import { type Counter, collectDefaultMetrics, type Gauge, type Histogram, type Registry } from 'prom-client';
import { originOf } from '../context/exemplar-origin.js';
import { createTraceReader } from '../context/trace-context.js';
import { invalidOption } from '../errors/index.js';
import {
  asCompact,
  type BoundHistogram,
  type BoundNumber,
  CompactCounter,
  CompactGauge,
  CompactHistogram,
  CompactRegistry,
  type Origin,
} from '../series/index.js';
import { type Catalogue, catalogue, type Drop, type MetricDefinition, type MetricKey } from './catalogue.js';
import { guard } from './guard-metric.js';
import { assertBoundedLabels, createLabelLimiter, type LimitLabels, type UnboundedLabelName } from './label-limiter.js';

type Label<Key extends MetricKey> = Catalogue[Key]['labels'][number];

/** The metrics of the catalogue as prom-client metrics; recording a bad value is counted, and never throws. */
export type Metrics = {
  readonly [Key in MetricKey]: MetricsByType<Label<Key>>[Catalogue[Key]['type']];
};

export type MetricType = MetricDefinition['type'];

/** prom-client's class for each type of metric. */
export interface MetricsByType<L extends string> {
  histogram: Histogram<L>;
  counter: Counter<L>;
  gauge: Gauge<L>;
}

/** Finds a series once, to record checked values in it. */
interface Bindable<L extends string, Bound> {
  bind(labels: Record<L, string>): Bound;
}

interface BindableByType<L extends string> {
  histogram: Histogram<L> & Bindable<L, BoundHistogram>;
  counter: Counter<L> & Bindable<L, BoundNumber>;
  gauge: Gauge<L> & Bindable<L, BoundNumber>;
}

/** The metrics of the catalogue as the module itself uses them. */
export type BindableMetrics = {
  readonly [Key in MetricKey]: BindableByType<Label<Key>>[Catalogue[Key]['type']];
};

/** A metric of your own: a name with its unit as suffix, and labels with few values. */
export interface OwnMetric<Type extends MetricType, L extends string> {
  name: string;
  type: Type;
  help: string;
  /** A label that is unbounded by nature, such as `user_id`, does not compile, and is refused. Default: none. */
  labels?: readonly (L extends UnboundedLabelName ? never : L)[];
  /** Upper bounds of a histogram, ascending. */
  buckets?: readonly number[];
}

/** A registry with the catalogue's metrics, and what records into them. */
export interface MetricSet {
  metrics: BindableMetrics;
  drop: Drop;
  limit: LimitLabels;
  defineMetric: <Type extends MetricType, L extends string = never>(
    definition: OwnMetric<Type, L>,
  ) => MetricsByType<L>[Type];
}

/** A new, empty registry: one exposition of its own. */
export const createRegistry = (): Registry => new CompactRegistry();

type AnyDefinition = Omit<MetricDefinition, 'name' | 'unit' | 'why'> & { name: string };

const METRIC_CLASSES = { counter: CompactCounter, gauge: CompactGauge };

/** Gives the trace that is active, where it is sampled. The process is asked once a second whether it traces at all. */
function createOriginReader(wallClock: () => number): () => Origin | undefined {
  const traceAt = createTraceReader();
  return () => {
    const nowMs = wallClock();
    const trace = traceAt(nowMs);
    return trace && originOf(trace, nowMs);
  };
}

function createMetric(definition: AnyDefinition, registry: Registry, currentOrigin: () => Origin | undefined) {
  const { name, type, help, labels, buckets, aggregator } = definition;
  const options = { name, help, labelNames: [...labels], registers: [registry], ...(aggregator && { aggregator }) };
  if (type !== 'histogram') return new METRIC_CLASSES[type](options);
  const histogram = new CompactHistogram({ ...options, ...(buckets && { buckets: [...buckets] }) });
  histogram.currentOrigin = currentOrigin;
  return histogram;
}

function assertSameShape(existing: object, { name, type, labels }: AnyDefinition): void {
  const ours = asCompact(existing);
  if (ours?.type === type && ours.labelNames.join() === labels.join()) return;
  const { labelNames = [] } = existing as { labelNames?: string[] };
  const expected = `no metric, or our ${type} with the labels [${labels.join(', ')}], under the name ${name}`;
  const hint = `its labels are [${labelNames.join(', ')}]: give monitoring a registry of its own`;
  throw invalidOption('registry', expected, existing, hint);
}

/** A counter is called `jobs` in OpenMetrics where its name is `jobs_total`: a gauge `jobs` beside it would be the same. */
function assertOwnFamily(registry: Registry, name: string): void {
  const other = name.endsWith('_total') ? name.slice(0, -'_total'.length) : `${name}_total`;
  if (!registry.getSingleMetric(other)) return;
  throw invalidOption('name', `a name that differs from ${other} by more than "_total"`, name);
}

function assertAscending({ name, buckets = [] }: AnyDefinition): void {
  const ascends = buckets.every(
    (bound, index) => Number.isFinite(bound) && bound > (buckets[index - 1] ?? Number.NEGATIVE_INFINITY),
  );
  if (!ascends) throw invalidOption('buckets', `ascending numbers for ${name}`, buckets);
}

/** What the binding of series needs. */
export type MetricSubset = Pick<MetricSet, 'metrics' | 'limit'>;

export interface MetricSetOptions {
  maxLabelValues: number;
  models: readonly string[];
  wallClock: () => number;
}

/**
 * Makes the metrics of the catalogue on a registry, or finds them there: calling twice is no error and counts nothing twice.
 * Node's process metrics (`process_*`, `nodejs_*`) come with them.
 * @throws {TypeError} if another metric holds one of the names
 */
export function createMetrics(registry: Registry, { maxLabelValues, models, wallClock }: MetricSetOptions): MetricSet {
  const drop: Drop = (field, reason) => metrics.droppedValues.inc({ field, reason });
  const limit = createLabelLimiter({
    maxLabelValues,
    models,
    onOverflow: (metric, label) => metrics.labelOverflow.inc({ metric, label }),
  });
  const currentOrigin = createOriginReader(wallClock);
  const getOrCreate = (definition: AnyDefinition) => {
    const existing = registry.getSingleMetric(definition.name);
    if (existing) assertSameShape(existing, definition);
    return existing ?? guard(createMetric(definition, registry, currentOrigin), drop, limit);
  };
  const entries = Object.entries(catalogue).map(([key, definition]) => [key, getOrCreate(definition)]);
  const metrics = Object.fromEntries(entries) as BindableMetrics;
  if (!registry.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics({ register: registry });

  return {
    metrics,
    drop,
    limit,
    defineMetric(definition) {
      const labels = (definition.labels ?? []) as readonly string[];
      assertBoundedLabels(labels);
      assertAscending({ ...definition, labels });
      assertOwnFamily(registry, definition.name);
      return getOrCreate({ ...definition, labels }) as never;
    },
  };
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Catalogue, catalogue, type DropReason, type MetricDefinition, type MetricKey } from './catalogue.js';
import { guard } from './guard.js';

type Label<Key extends MetricKey> = Catalogue[Key]['labels'][number];

/** The metrics of the catalogue as prom-client metrics; recording a bad value is counted, and never throws. */
export type Metrics = {
  readonly [Key in MetricKey]: Catalogue[Key]['type'] extends 'histogram'
    ? Histogram<Label<Key>>
    : Catalogue[Key]['type'] extends 'counter'
      ? Counter<Label<Key>>
      : Gauge<Label<Key>>;
};

/** Counts a value that was not recorded. Never throws. */
export type Drop = (field: string, reason: DropReason) => void;

/** Starts a histogram's series at 0 where it is not there yet; `zero` alone would wipe what it has counted. */
export function ensureSeries<Label extends string>(histogram: Histogram<Label>, labels: Record<Label, string>): void {
  // prom-client has no public way to ask for a series without awaiting all of them.
  const { hashMap } = histogram as unknown as { hashMap: Record<string, { labels: Record<string, string> }> };
  const wanted = Object.entries<string>(labels);
  const exists = Object.values(hashMap).some((series) =>
    wanted.every(([label, value]) => series.labels[label] === value),
  );
  if (!exists) histogram.zero(labels);
}

/** A new, empty registry: one exposition of its own. */
export const createRegistry = (): Registry => new Registry();

const METRIC_CLASSES = { counter: Counter, gauge: Gauge, histogram: Histogram };

function createMetric(definition: MetricDefinition, registry: Registry) {
  const { name, type, help, labels, buckets, aggregator } = definition;
  const options = { name, help, labelNames: [...labels], registers: [registry], ...(aggregator && { aggregator }) };
  if (type === 'histogram') return new Histogram({ ...options, buckets: [...(buckets ?? [])] });
  return new METRIC_CLASSES[type](options);
}

function assertSameShape(existing: object, { name, type, labels }: MetricDefinition): void {
  const { labelNames = [] } = existing as { labelNames?: string[] };
  if (existing instanceof METRIC_CLASSES[type] && labelNames.join() === labels.join()) return;
  throw new TypeError(
    `\`registry\`: expected no metric, or a ${type} with the labels [${labels.join(', ')}], under the name ${name}, ` +
      `got a ${existing.constructor.name} with [${labelNames.join(', ')}]; give monitoring a registry of its own`,
  );
}

/**
 * Makes the metrics of the catalogue on a registry, or finds them there: calling twice is no error and counts nothing twice.
 * Node's process metrics (`process_*`, `nodejs_*`) come with them.
 * @throws {TypeError} if another metric holds one of the names
 */
export function createMetrics(registry: Registry): { metrics: Metrics; drop: Drop } {
  const drop: Drop = (field, reason) => metrics.droppedValues.inc({ field, reason });
  const entries = Object.entries(catalogue).map(([key, definition]: [string, MetricDefinition]) => {
    const existing = registry.getSingleMetric(definition.name);
    if (existing) assertSameShape(existing, definition);
    return [key, existing ?? guard(createMetric(definition, registry), drop)];
  });
  const metrics = Object.fromEntries(entries) as Metrics;
  if (!registry.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics({ register: registry });
  return { metrics, drop };
}

import { inspect } from 'node:util';
import { type Labels, SeriesTable } from './series-table.js';
import type { TextStyle } from './text-style.js';

/** Marks our metrics, also those of another copy of this package. */
export const COMPACT = Symbol.for('m2_3_monitoring.compact');

/** A metric that keeps its numbers in a table, and writes its own text. */
export interface CompactMetric {
  readonly [COMPACT]: true;
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly aggregator: string;
  readonly labelNames: readonly string[];
  readonly table: SeriesTable;
  collect?: () => unknown;
  /** The lines of each label set, one set after another, each line ended. */
  texts(style: TextStyle, defaults: Labels): Iterable<string>;
}

/** The metric as ours; undefined where it is another's. */
export const asCompact = (metric: object): CompactMetric | undefined =>
  COMPACT in metric ? (metric as CompactMetric) : undefined;

export const isLabels = (value: unknown): value is Labels => typeof value === 'object' && value !== null;

/** @throws {Error} where a label is none of the metric's; in prom-client's words, for they are what people search for */
export function assertLabels(names: readonly string[], labels: Labels): void {
  for (const label in labels) {
    if (names.includes(label)) continue;
    throw new Error(`Added label "${label}" is not included in initial labelset: ${inspect(names)}`);
  }
}

/** Labels given as an object, or as values in the order of the names. */
export function labelsOf(names: readonly string[], given: readonly unknown[]): Labels {
  if (isLabels(given[0])) return given[0];
  return Object.fromEntries(names.map((name, index) => [name, given[index] as string]));
}

/** Empties a metric, or makes its table: prom-client's constructor calls `reset` before a subclass has fields. */
export function clearTable(metric: Pick<CompactMetric, 'labelNames'> & { table?: SeriesTable }, width: number): void {
  const { table = new SeriesTable(metric.labelNames, width) } = metric;
  table.clear();
  // `hashMap` is where prom-client keeps series; its `remove` looks into it, and finds nothing.
  Object.assign(metric, { table, hashMap: {} });
}

/** What prom-client's `get` gives: a metric's series as JSON. */
export async function toJson<Value>(metric: CompactMetric, valuesOf: (at: number, labels: Labels) => Value[]) {
  await metric.collect?.();
  const { help, name, type, aggregator } = metric;
  const values = Array.from(metric.table.rows()).flatMap(({ at, labels }) => valuesOf(at, labels));
  return { help, name, type, values, aggregator } as never;
}

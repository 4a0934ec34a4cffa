import type { Exemplar } from './exemplar.js';
import type { Labels, Row, SeriesTable } from './series-table.js';

/**
 * Adds an observation to a row, and gives its bucket: the number of bounds where it is above all of them. How many there are
 * in all is summed from the buckets when somebody asks.
 */
export function addToBuckets({ numbers, at }: Row, bounds: Float64Array, value: number): number {
  let bucket = 0;
  while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
  numbers[at + bucket] = (numbers[at + bucket] as number) + 1;
  const sum = at + bounds.length + 1;
  numbers[sum] = (numbers[sum] as number) + value;
  return bucket;
}

/** The newest exemplar of each bucket of some rows; gone with their row. */
export type RowExemplars = WeakMap<Row, Exemplar[]>;

export function keepExemplar(exemplars: RowExemplars, row: Row, bucket: number, exemplar: Exemplar): void {
  const kept = exemplars.get(row) ?? [];
  kept[bucket] = exemplar;
  exemplars.set(row, kept);
}

/** One label set of a histogram, found once. It is there, all 0, from now on, and comes back where it was removed. */
export class BoundHistogram {
  #row: Row;

  constructor(
    private readonly table: SeriesTable,
    private readonly bounds: Float64Array,
    private readonly labels: Labels,
    private readonly exemplars: RowExemplars,
  ) {
    this.#row = table.ensure(labels);
  }

  /** Adds a value that has been checked, and keeps the trace that it came from, where there is one. */
  observe(value: number, traceId?: string, atMs = 0): void {
    if (this.#row.at < 0) this.#row = this.table.ensure(this.labels);
    const bucket = addToBuckets(this.#row, this.bounds, value);
    if (traceId === undefined) return;
    keepExemplar(this.exemplars, this.#row, bucket, { traceId, value, timestampSeconds: atMs / 1000 });
  }
}

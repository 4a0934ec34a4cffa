import type { Exemplar, Origin } from './exemplar.js';
import type { Labels, SeriesTable } from './series-table.js';

/**
 * Adds an observation to a row, and gives its bucket: the first whose bound it is not above. The last bound is infinite, so
 * that there is always one. How many observations there are in all is summed from the buckets when somebody asks.
 */
export function addToBuckets(numbers: Float64Array, at: number, bounds: Float64Array, value: number): number {
  let bucket = 0;
  while (value > (bounds[bucket] as number)) bucket++;
  numbers[at + bucket] = (numbers[at + bucket] as number) + 1;
  const sum = at + bounds.length;
  numbers[sum] = (numbers[sum] as number) + value;
  return bucket;
}

/** The newest exemplar of each bucket, by where the bucket's number is. */
export type Exemplars = Map<number, Exemplar>;

/** One label set of a histogram, found once. It is there, all 0, from now on, and comes back where it was removed. */
export class BoundHistogram {
  #numbers: Float64Array;
  #at: number;
  #version: number;

  constructor(
    private readonly table: SeriesTable,
    private readonly bounds: Float64Array,
    private readonly labels: Labels,
    private readonly exemplars: Exemplars,
  ) {
    this.#at = table.ensure(labels);
    this.#numbers = table.numbers;
    this.#version = table.version;
  }

  /** Adds a value that has been checked, and keeps the trace that it came from, where there is one. */
  observe(value: number, origin?: Origin): void {
    if (this.#version !== this.table.version) this.#find();
    const bucket = addToBuckets(this.#numbers, this.#at, this.bounds, value);
    if (origin !== undefined) this.#keep(bucket, value, origin);
  }

  #keep(bucket: number, value: number, origin: Origin): void {
    this.exemplars.set(this.#at + bucket, { ...origin, value });
  }

  #find(): void {
    this.#at = this.table.ensure(this.labels);
    this.#numbers = this.table.numbers;
    this.#version = this.table.version;
  }
}

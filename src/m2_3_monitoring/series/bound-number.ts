import type { Labels, SeriesTable } from './series-table.js';

/** One series of a counter or gauge, found once. It is there, at 0, from now on, and comes back where it was removed. */
export class BoundNumber {
  #numbers: Float64Array;
  #at: number;
  #version: number;

  constructor(
    private readonly table: SeriesTable,
    private readonly labels: Labels,
  ) {
    this.#at = table.ensure(labels);
    this.#numbers = table.numbers;
    this.#version = table.version;
  }

  /** Adds a value that has been checked. */
  add(value: number): void {
    if (this.#version !== this.table.version) this.#find();
    this.#numbers[this.#at] = (this.#numbers[this.#at] as number) + value;
  }

  /** Sets a value that has been checked. */
  set(value: number): void {
    if (this.#version !== this.table.version) this.#find();
    this.#numbers[this.#at] = value;
  }

  #find(): void {
    this.#at = this.table.ensure(this.labels);
    this.#numbers = this.table.numbers;
    this.#version = this.table.version;
  }
}

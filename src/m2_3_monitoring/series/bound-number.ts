import type { Labels, Row, SeriesTable } from './series-table.js';

/** One series of a counter or gauge, found once. It is there, at 0, from now on, and comes back where it was removed. */
export class BoundNumber {
  #row: Row;

  constructor(
    private readonly table: SeriesTable,
    private readonly labels: Labels,
  ) {
    this.#row = table.ensure(labels);
  }

  /** Adds a value that has been checked. */
  add(value: number): void {
    const { numbers, at } = this.#current();
    numbers[at] = (numbers[at] as number) + value;
  }

  /** Sets a value that has been checked. */
  set(value: number): void {
    const { numbers, at } = this.#current();
    numbers[at] = value;
  }

  #current(): Row {
    if (this.#row.at < 0) this.#row = this.table.ensure(this.labels);
    return this.#row;
  }
}

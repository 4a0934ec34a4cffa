/** Label values as a caller gives them. */
export type Labels = Readonly<Record<string, string | number | undefined>>;

/** Rows of a first slab, and of the largest: a metric with one series must not pay for a thousand. */
const FIRST_SLAB_ROWS = 4;
const MAX_SLAB_ROWS = 1024;

/** One series, or the buckets of one label set: some numbers in a slab that many rows share. */
export class Row {
  constructor(
    readonly numbers: Float64Array,
    /** Where the row's numbers begin; -1 once the series is removed. */
    public at: number,
    /** As the first caller gave them: prom-client shows labels in that order, and so do we. */
    public labels: Labels,
  ) {}
}

/** A text for a value that no other value has, so that no two label sets share a row, whatever is in them. */
const part = (value: string | number | undefined): string => {
  if (value === undefined) return '-';
  const text = String(value);
  return `${text.length}:${text}`;
};

/**
 * The rows of one metric, by their labels. The numbers of all rows lie in a few large typed arrays: an array of its own for
 * each row would cost more than what is in it, and prom-client's object for each row costs four times as much.
 */
export class SeriesTable {
  readonly #rows = new Map<string | undefined, Row>();
  readonly #free: { numbers: Float64Array; at: number }[] = [];
  readonly #names: readonly string[];
  #slab = new Float64Array(0);
  #used = 0;

  /** @param width how many numbers a row has */
  constructor(
    names: readonly string[],
    private readonly width: number,
  ) {
    this.#names = [...names].sort();
  }

  /** The commonest metric has one label: its value is the key as it is, and costs no new text. */
  #keyOf(labels: Labels): string | undefined {
    const [first, second] = this.#names;
    if (first === undefined) return '';
    if (second !== undefined) return this.#names.map((name) => part(labels[name])).join('');
    const value = labels[first];
    return typeof value === 'number' ? String(value) : value;
  }

  find(labels: Labels): Row | undefined {
    return this.#rows.get(this.#keyOf(labels));
  }

  /** The row of these labels, which is there, all 0, from now on. */
  ensure(labels: Labels): Row {
    const key = this.#keyOf(labels);
    const known = this.#rows.get(key);
    if (known) return known;
    const { numbers, at } = this.#free.pop() ?? this.#allocate();
    const row = new Row(numbers, at, labels);
    this.#rows.set(key, row);
    return row;
  }

  /** As `ensure`, and all 0 also where it was there before. */
  zero(labels: Labels): Row {
    const row = this.ensure(labels);
    row.numbers.fill(0, row.at, row.at + this.width);
    row.labels = labels;
    return row;
  }

  remove(labels: Labels): void {
    const key = this.#keyOf(labels);
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#rows.delete(key);
    this.#release(row);
  }

  clear(): void {
    for (const row of this.#rows.values()) this.#release(row);
    this.#rows.clear();
  }

  rows(): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** Whoever holds the row notices by its place that it is gone. */
  #release(row: Row): void {
    row.numbers.fill(0, row.at, row.at + this.width);
    this.#free.push({ numbers: row.numbers, at: row.at });
    row.at = -1;
  }

  #allocate(): { numbers: Float64Array; at: number } {
    if (this.#used === this.#slab.length) {
      const rows = Math.min(Math.max(FIRST_SLAB_ROWS, (2 * this.#slab.length) / this.width), MAX_SLAB_ROWS);
      this.#slab = new Float64Array(rows * this.width);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += this.width;
    return { numbers: this.#slab, at };
  }
}

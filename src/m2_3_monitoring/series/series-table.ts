/** Label values as a caller gives them. */
export type Labels = Readonly<Record<string, string | number | undefined>>;

/** A metric with one series must not pay for a thousand; one with thousands leaves a fifth of its space unused at most. */
const FIRST_ROWS = 4;
const GROWTH = 1.25;

/** A text for a value that no other value has, so that no two label sets share a row, whatever is in them. */
const part = (value: string | number | undefined): string => {
  if (value === undefined) return '-';
  const text = String(value);
  return `${text.length}:${text}`;
};

/**
 * The rows of one metric, by their labels: some numbers for each series, or for each label set of a histogram. All of them
 * lie in one typed array. An object for each row, as prom-client has it, would take three times as much.
 */
export class SeriesTable {
  /** The numbers of row 0, of row 1, and so on. */
  numbers: Float64Array;
  /** Changes when a place is no longer what it was: whoever holds one has to look for it again. */
  version = 0;
  readonly #names: readonly string[];
  readonly #rows = new Map<string | undefined, number>();
  /** As the first caller gave them: prom-client shows labels in that order, and so do we. */
  readonly #labels: Labels[] = [];
  readonly #free: number[] = [];

  /** @param width how many numbers a row has */
  constructor(
    names: readonly string[],
    private readonly width: number,
  ) {
    this.#names = [...names].sort();
    this.numbers = new Float64Array(FIRST_ROWS * width);
  }

  /** Where the numbers of these labels begin; they are there, all 0, from now on. */
  ensure(labels: Labels): number {
    const key = this.#keyOf(labels);
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#free.pop() ?? this.#labels.length;
      this.#labels[row] = labels;
      this.#rows.set(key, row);
      if (this.#labels.length * this.width > this.numbers.length) this.#grow();
    }
    return row * this.width;
  }

  /** Where the numbers of these labels begin; undefined where they are not there. */
  find(labels: Labels): number | undefined {
    const row = this.#rows.get(this.#keyOf(labels));
    return row === undefined ? undefined : row * this.width;
  }

  /** As `ensure`, and shows the labels as they are given here. */
  ensureAs(labels: Labels): number {
    const at = this.ensure(labels);
    this.#labels[at / this.width] = labels;
    return at;
  }

  remove(labels: Labels): void {
    const key = this.#keyOf(labels);
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#rows.delete(key);
    this.numbers.fill(0, row * this.width, (row + 1) * this.width);
    this.#free.push(row);
    this.version += 1;
  }

  clear(): void {
    this.#rows.clear();
    this.#labels.length = 0;
    this.#free.length = 0;
    this.numbers.fill(0);
    this.version += 1;
  }

  /**
   * Every row: where it begins, and its labels. What is removed while somebody walks is passed over; what is added then, or
   * added anew, does not come twice.
   */
  *rows(): Generator<{ at: number; labels: Labels }> {
    for (const key of [...this.#rows.keys()]) {
      const row = this.#rows.get(key);
      if (row !== undefined) yield { at: row * this.width, labels: this.#labels[row] as Labels };
    }
  }

  /** The commonest metric has one label: its value is the key as it is, and costs no new text. */
  #keyOf(labels: Labels): string | undefined {
    const [first, second] = this.#names;
    if (first === undefined) return '';
    if (second !== undefined) return this.#names.map((name) => part(labels[name])).join('');
    const value = labels[first];
    return typeof value === 'number' ? String(value) : value;
  }

  #grow(): void {
    const larger = new Float64Array(Math.ceil(this.#labels.length * GROWTH) * this.width);
    larger.set(this.numbers);
    this.numbers = larger;
    this.version += 1;
  }
}

import { format } from 'node:util';
import { Histogram } from 'prom-client';
import { addToBuckets, BoundHistogram, type Exemplars } from './bound-histogram.js';
import { assertLabels, COMPACT, clearTable, isLabels, labelsOf, toJson } from './compact-metric.js';
import type { Origin } from './exemplar.js';
import { histogramTexts, histogramValues } from './histogram-texts.js';
import type { Labels, SeriesTable } from './series-table.js';
import type { TextStyle } from './text-style.js';

/** prom-client's histogram, with its numbers in a table: a row is the count of each bucket, then the sum. */
export class CompactHistogram<L extends string = string> extends Histogram<L> {
  readonly [COMPACT] = true;
  declare readonly name: string;
  declare readonly help: string;
  declare readonly type: string;
  declare readonly aggregator: string;
  declare readonly labelNames: readonly L[];
  declare readonly buckets: readonly number[];
  declare readonly table: SeriesTable;
  /** As `table`, there before the fields are. */
  declare readonly exemplars: Exemplars;
  /** Of the buckets, and of the one that takes all else. */
  readonly #bounds: Float64Array;
  /** The one label set of a histogram without labels, to be found without a search. */
  readonly #only: BoundHistogram | undefined;
  /** Gives the trace that an observation belongs to, where one is active. Default: none is kept. */
  currentOrigin: (() => Origin | undefined) | undefined;

  constructor(configuration: ConstructorParameters<typeof Histogram<L>>[0]) {
    super(configuration);
    this.#bounds = Float64Array.of(...this.buckets, Number.POSITIVE_INFINITY);
    // As in prom-client: there from the start where it has no labels, though not after a `reset`.
    if (this.labelNames.length === 0) this.#only = this.bind({});
  }

  override reset(): void {
    clearTable(this, this.buckets.length + 2);
    Object.assign(this, { exemplars: this.exemplars ?? new Map() });
    this.exemplars.clear();
  }

  /** prom-client's constructor makes this the metric's `observe`. */
  observeWithoutExemplar(labelsOrValue?: Labels | number | null, valueOfLabels?: number): void {
    if (this.#only && typeof labelsOrValue === 'number' && Number.isFinite(labelsOrValue)) {
      this.#only.observe(labelsOrValue, this.currentOrigin?.());
      return;
    }
    const hasLabels = isLabels(labelsOrValue) || (!labelsOrValue && labelsOrValue !== 0);
    const labels = isLabels(labelsOrValue) ? labelsOrValue : {};
    const value = hasLabels ? valueOfLabels : labelsOrValue;
    assertLabels(this.labelNames, labels);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new TypeError(`Value is not a valid number: ${format(value)}`);
    }
    const at = this.table.ensure(labels);
    const bucket = addToBuckets(this.table.numbers, at, this.#bounds, value);
    const origin = this.currentOrigin?.();
    if (origin) this.exemplars.set(at + bucket, { ...origin, value });
  }

  override zero(labels: Labels): void {
    const at = this.table.ensureAs(labels);
    this.table.numbers.fill(0, at, at + this.buckets.length + 2);
    this.#forgetExemplars(at);
  }

  override labels(...given: unknown[]): ReturnType<Histogram<L>['labels']> {
    const labels = labelsOf(this.labelNames, given);
    return {
      ...super.labels(...(given as never[])),
      observe: (value: number) => this.observeWithoutExemplar(labels, value),
    };
  }

  override remove(...given: unknown[]): void {
    super.remove(...(given as never[]));
    const labels = labelsOf(this.labelNames, given);
    const at = this.table.find(labels);
    if (at !== undefined) this.#forgetExemplars(at);
    this.table.remove(labels);
  }

  override get(): ReturnType<Histogram<L>['get']> {
    return toJson(this, (at, shared) =>
      histogramValues(this, at, shared).map(({ labels, sharedLabels, ...value }) => ({
        ...value,
        labels: { ...labels, ...sharedLabels },
      })),
    );
  }

  /** What prom-client's own registry writes its text from. */
  getForPromString() {
    return toJson(this, (at, labels) => histogramValues(this, at, labels));
  }

  #forgetExemplars(at: number): void {
    for (let bucket = 0; bucket <= this.buckets.length; bucket++) this.exemplars.delete(at + bucket);
  }

  bind(labels: Labels): BoundHistogram {
    return new BoundHistogram(this.table, this.#bounds, labels, this.exemplars);
  }

  texts(style: TextStyle, defaults: Labels): Iterable<string> {
    return histogramTexts(this, style, defaults, this.exemplars);
  }
}

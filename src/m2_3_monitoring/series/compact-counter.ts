import { format } from 'node:util';
import { Counter } from 'prom-client';
import { BoundNumber } from './bound-number.js';
import { assertLabels, COMPACT, clearTable, isLabels, labelsOf } from './compact-metric.js';
import { numbersAsJson, numberTexts } from './number-texts.js';
import type { Labels, SeriesTable } from './series-table.js';
import type { TextStyle } from './text-style.js';

/** prom-client's counter, with its numbers in a table. */
export class CompactCounter<L extends string = string> extends Counter<L> {
  readonly [COMPACT] = true;
  declare readonly name: string;
  declare readonly help: string;
  declare readonly type: string;
  declare readonly aggregator: string;
  declare readonly labelNames: readonly L[];
  declare readonly table: SeriesTable;

  override reset(): void {
    clearTable(this, 1);
    if (this.labelNames.length === 0) this.table.ensure({});
  }

  /** prom-client's constructor makes this the metric's `inc`. */
  incWithoutExemplar(labelsOrValue?: Labels | number | null, valueOfLabels?: number): void {
    const labels = isLabels(labelsOrValue) ? labelsOrValue : {};
    const value = isLabels(labelsOrValue) ? valueOfLabels : labelsOrValue;
    assertLabels(this.labelNames, labels);
    if (value && !Number.isFinite(value)) throw new TypeError(`Value is not a valid number: ${format(value)}`);
    if (value && value < 0) throw new Error('It is not possible to decrease a counter');
    const at = this.table.ensure(labels);
    this.table.numbers[at] = (this.table.numbers[at] as number) + (value ?? 1);
  }

  override get(): ReturnType<Counter<L>['get']> {
    return numbersAsJson(this);
  }

  override remove(...given: unknown[]): void {
    super.remove(...(given as never[]));
    this.table.remove(labelsOf(this.labelNames, given));
  }

  bind(labels: Labels): BoundNumber {
    return new BoundNumber(this.table, labels);
  }

  texts(style: TextStyle, defaults: Labels): Iterable<string> {
    return numberTexts(this, style, defaults);
  }
}

import { format } from 'node:util';
import { Gauge } from 'prom-client';
import { BoundNumber } from './bound-number.js';
import { assertLabels, COMPACT, clearTable, isLabels, labelsOf } from './compact-metric.js';
import { numbersAsJson, numberTexts } from './number-texts.js';
import type { Labels, SeriesTable } from './series-table.js';
import type { TextStyle } from './text-style.js';

type Given = Labels | number | undefined;

/** prom-client's gauge, with its numbers in a table. */
export class CompactGauge<L extends string = string> extends Gauge<L> {
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

  override set(labelsOrValue: Given, valueOfLabels?: number): void {
    const labels = isLabels(labelsOrValue) ? labelsOrValue : {};
    const value = isLabels(labelsOrValue) ? valueOfLabels : labelsOrValue;
    if (typeof value !== 'number') throw new TypeError(`Value is not a valid number: ${format(value)}`);
    assertLabels(this.labelNames, labels);
    const at = this.table.ensureAs(labels);
    this.table.numbers[at] = value;
  }

  override inc(labelsOrValue?: Given, valueOfLabels?: number): void {
    const { value = 1 } = { value: isLabels(labelsOrValue) ? valueOfLabels : labelsOrValue };
    this.#add(labelsOrValue, value);
  }

  override dec(labelsOrValue?: Given, valueOfLabels?: number): void {
    const { value = 1 } = { value: isLabels(labelsOrValue) ? valueOfLabels : labelsOrValue };
    this.#add(labelsOrValue, -value);
  }

  #add(labelsOrValue: Given, value: number): void {
    const labels = isLabels(labelsOrValue) ? labelsOrValue : {};
    if (typeof value !== 'number') throw new TypeError(`Delta is not a valid number: ${format(value)}`);
    assertLabels(this.labelNames, labels);
    const at = this.table.ensure(labels);
    this.table.numbers[at] = (this.table.numbers[at] as number) + value;
  }

  override get(): ReturnType<Gauge<L>['get']> {
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

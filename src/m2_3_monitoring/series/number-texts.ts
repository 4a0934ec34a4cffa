import { type CompactMetric, toJson } from './compact-metric.js';
import { labelsText } from './labels-text.js';
import type { Labels } from './series-table.js';
import type { TextStyle } from './text-style.js';

/** The series of a counter or gauge, as prom-client's JSON has it. */
export const numbersAsJson = (metric: CompactMetric) =>
  toJson(metric, (at, labels) => [{ value: metric.table.numbers[at], labels }]);

/** The lines of a counter or gauge. */
export function* numberTexts({ name, table }: CompactMetric, style: TextStyle, defaults: Labels): Generator<string> {
  for (const { at, labels } of table.rows()) {
    const text = labelsText(labels, defaults);
    yield `${name}${text && `{${text}}`} ${style.number(table.numbers[at] as number)}\n`;
  }
}

import { type CompactMetric, numberIn } from './compact-metric.js';
import { labelsText } from './labels-text.js';
import type { Labels, Row } from './series-table.js';
import type { TextStyle } from './text-style.js';

/** The series of a counter or gauge, as prom-client's JSON has it. */
export const numberValues = (row: Row) => [{ value: numberIn(row), labels: row.labels }];

/** The lines of a counter or gauge. */
export function* numberTexts({ name, table }: CompactMetric, style: TextStyle, defaults: Labels): Generator<string> {
  for (const row of table.rows()) {
    const labels = labelsText(row.labels, defaults);
    yield `${name}${labels && `{${labels}}`} ${style.number(numberIn(row))}\n`;
  }
}

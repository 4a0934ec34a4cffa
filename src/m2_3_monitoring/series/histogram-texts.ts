import type { Exemplars } from './bound-histogram.js';
import type { CompactMetric } from './compact-metric.js';
import { sharedLabelsText } from './labels-text.js';
import type { Labels } from './series-table.js';
import type { TextStyle } from './text-style.js';

/** A row is the count of each bucket, the last for what is above all bounds, and then the sum. */
export interface Buckets extends CompactMetric {
  readonly buckets: readonly number[];
}

/** The series of one label set, as prom-client keeps them before it joins their labels. */
export function histogramValues({ name, buckets, table }: Buckets, at: number, sharedLabels: Labels) {
  const { numbers } = table;
  const width = buckets.length;
  const bucket = (le: number | string, value: number | undefined) => {
    return { labels: { le }, sharedLabels, value, metricName: `${name}_bucket`, exemplar: null };
  };
  const total = (suffix: string, value: number | undefined) => {
    return { labels: {}, sharedLabels, value, metricName: `${name}_${suffix}`, exemplar: undefined };
  };
  let count = 0;
  const cumulative = [...buckets, '+Inf'].map((le, index) => {
    count += numbers[at + index] as number;
    return bucket(le, count);
  });
  return [...cumulative, total('sum', numbers[at + width + 1]), total('count', count)];
}

/** The lines of a histogram. What all label sets share of a line is put together once, the labels once for each set. */
export function* histogramTexts(
  { name, buckets, table }: Buckets,
  style: TextStyle,
  defaults: Labels,
  exemplars: Exemplars,
): Generator<string> {
  // Each part begins with the end of the line before: the fewer pieces, the fewer strings on the way.
  const starts = [...buckets.map(style.bound), '+Inf'].map(
    (le, index) => `${index > 0 ? '\n' : ''}${name}_bucket{le="${le}"`,
  );
  const width = buckets.length;
  for (const row of table.rows()) {
    const { at } = row;
    const { numbers } = table;
    const labels = sharedLabelsText(row.labels, defaults);
    const rest = `${labels && `,${labels}`}} `;
    const braces = labels && `{${labels}}`;
    let text = '';
    let count = 0;
    for (let bucket = 0; bucket <= width; bucket++) {
      count += numbers[at + bucket] as number;
      text += (starts[bucket] as string) + rest + count;
      if (exemplars.size > 0) text += style.exemplar(exemplars.get(at + bucket));
    }
    yield `${text}\n${name}_sum${braces} ${style.number(numbers[at + width + 1] as number)}\n${name}_count${braces} ${count}\n`;
  }
}

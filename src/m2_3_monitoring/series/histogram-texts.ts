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

/** Counts below this are common enough for their texts to be kept while a page is written. */
const MAX_KEPT_COUNT = 1024;

/** Gives a count, followed by a text that is always the same. */
function countBefore(end: string): (count: number) => string {
  const kept: string[] = [];
  return (count) => {
    if (count >= MAX_KEPT_COUNT) return count + end;
    kept[count] ??= [count, end].join('');
    return kept[count] as string;
  };
}

type LabelSetText = (numbers: Float64Array, at: number, labels: string) => string;

/**
 * Gives the lines of one label set. What stands between two occurrences of the labels is the same for most label sets: the
 * labels join these pieces to one flat text, in which each character is copied once.
 */
function createLabelSetText({ name, buckets }: Buckets, style: TextStyle, exemplars: Exemplars, hasLabels: boolean) {
  const [afterBound, afterName, close] = hasLabels ? [',', '{', '} '] : ['}', '', ' '];
  const starts = [...buckets.map(style.bound), '+Inf'].map((le) => `${name}_bucket{le="${le}"${afterBound}`);
  const ends = [...starts.slice(1), `${name}_sum${afterName}`].map((next) => `\n${next}`);
  const counts = ends.map(countBefore);
  const width = buckets.length;
  const pieces = new Array<string>(width + 4).fill(starts[0] as string);
  const text: LabelSetText = (numbers, at, labels) => {
    let count = 0;
    for (let bucket = 0; bucket <= width; bucket++) {
      count += numbers[at + bucket] as number;
      const exemplar = exemplars.size > 0 ? style.exemplar(exemplars.get(at + bucket)) : '';
      pieces[bucket + 1] = exemplar
        ? count + exemplar + ends[bucket]
        : (counts[bucket] as (count: number) => string)(count);
    }
    pieces[width + 2] = `${style.number(numbers[at + width + 1] as number)}\n${name}_count${afterName}`;
    pieces[width + 3] = `${count}\n`;
    return pieces.join(labels + close);
  };
  return text;
}

/** The lines of a histogram, one label set after another. */
export function* histogramTexts(
  metric: Buckets,
  style: TextStyle,
  defaults: Labels,
  exemplars: Exemplars,
): Generator<string> {
  const labelled = createLabelSetText(metric, style, exemplars, true);
  const bare = createLabelSetText(metric, style, exemplars, false);
  for (const { at, labels } of metric.table.rows()) {
    const text = sharedLabelsText(labels, defaults);
    yield (text ? labelled : bare)(metric.table.numbers, at, text);
  }
}

import type { Histogram as PromHistogram } from 'prom-client';
import { display } from 'tslab';
import { bucketOption, toBuckets } from '../charts/index.js';
import { parseNumber } from '../prometheus/number.js';

export interface BucketsOptions {
  title: string;
  /** Grafana's name of the bounds' unit. Default: `s` */
  unit?: string;
  /** What is counted. Default: `queries` */
  counted?: string;
  /** Where a line is drawn, in `unit`, and what it says. */
  marks?: { value: number; text: string }[];
}

const VIEW = { widthPixels: 700, heightPixels: 300, theme: 'light' as const, range: { fromSeconds: 0, toSeconds: 0 } };

// ECharts takes half a second to load; a notebook that draws nothing does not wait for it.
const loadPictures = async () => ({
  ...(await import('../charts/render/svg.js')),
  ...(await import('../charts/render/html.js')),
});

const isOf = (labels: object, wanted: Record<string, string>) =>
  Object.entries(wanted).every(([name, value]) => (labels as Record<string, unknown>)[name] === value);

/** Shows one label set of a histogram as it is at the moment: what lies between the bounds, not below them. */
export async function showBuckets(
  histogram: PromHistogram<string>,
  labels: Record<string, string>,
  { title, unit = 's', counted = 'queries', marks = [] }: BucketsOptions,
): Promise<void> {
  const { values } = await histogram.get();
  const found = values.filter(({ metricName, labels: own }) => metricName?.endsWith('_bucket') && isOf(own, labels));
  if (found.length === 0)
    throw new Error(`no series has the labels ${JSON.stringify(labels)}: observe something first`);
  const buckets = toBuckets(found.map(({ labels: { le }, value }) => [parseNumber(String(le)), value]));
  const drawn = { buckets, unit, counted, marks: marks.map((mark) => ({ ...mark, colour: 'red' })) };
  const filled = buckets.filter(({ count }) => count > 0);
  const rows = filled.map(({ from, upTo, count }) => [`above ${from} up to ${upTo}`, String(count)]);
  const summary = `${title}: ${rows.map(([bounds, count]) => `${count} ${bounds}`).join(', ')}`;
  const { renderOption, figureHtml } = await loadPictures();
  const svg = renderOption(title, summary, VIEW, (view) => bucketOption(drawn, view));
  display.html(figureHtml(svg, { summary, columns: [`Bucket (${unit})`, counted], rows }, VIEW, false));
}

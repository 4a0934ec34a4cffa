import { type Labels, parseLabels } from './labels.js';
import { formatNumber, parseNumber } from './number.js';

/** One line of a page of metrics. */
export interface ExposedSample {
  name: string;
  labels: Labels;
  value: number;
}

/** A page of metrics. */
export interface Exposition {
  /** What `# TYPE` says of a metric, by its name: `counter`, `histogram` … */
  types: Map<string, string>;
  samples: ExposedSample[];
}

const TYPE = /^# TYPE (?:"((?:\\.|[^"\\])*)"|(\S+)) (\w+)/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)?(\{(?:[^"}]|"(?:\\.|[^"\\])*")*\})?\s+([-+]?(?:[\d.]\S*|Inf|NaN))(?:\s|$)/;

/** Reads the text format of Prometheus, and OpenMetrics; timestamps, exemplars and help texts are passed over. */
export function parseExposition(page: string): Exposition {
  const types = new Map<string, string>();
  const samples: ExposedSample[] = [];
  for (const line of page.split('\n')) {
    const [, quoted, plain, type] = TYPE.exec(line) ?? [];
    if (type) types.set(quoted ?? plain ?? '', type);
    const [, written, braced = '', value = ''] = SAMPLE.exec(line) ?? [];
    const { __name__: name = written, ...labels } = parseLabels(braced);
    if (name) samples.push({ name, labels, value: parseNumber(value) });
  }
  return { types, samples };
}

/** What a histogram or a summary adds to its name in its series. */
export const SERIES_SUFFIXES = ['_bucket', '_sum', '_count'] as const;

/** The metric that a series may belong to: `x_bucket`, `x_sum` and `x_count` are series of `x`. */
export const metricOf = (series: string): string => series.replace(/_(?:bucket|sum|count)$/, '');

/** A line of the OpenMetrics format, as `promtool tsdb create-blocks-from openmetrics` reads it. */
export const sampleLine = (series: string, value: number, atSeconds: number): string =>
  `${series} ${formatNumber(value)} ${atSeconds}\n`;

/** The last line of the OpenMetrics format. */
export const END_OF_SAMPLES = '# EOF\n';

import type { Exemplar } from './exemplar.js';

/** What a metric says of itself. */
export interface Family {
  name: string;
  help: string;
  type: string;
}

/** How one of the two text formats differs from the other. */
export interface TextStyle {
  /** The comment lines before a metric's samples, each ended. */
  head(family: Family): string;
  /** A bucket's upper bound. */
  bound(le: number): string;
  number(value: number): string;
  /** What follows a bucket's count; nothing in a format that knows no exemplars. */
  exemplar(exemplar: Exemplar | undefined): string;
  betweenFamilies: string;
  end: string;
}

const escapeHelp = (text: string): string => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');

/** A label's value between its quotes. */
export const escapeValue = (text: string): string =>
  /[\\\n"]/.test(text) ? escapeHelp(text).replace(/"/g, '\\"') : text;

const infinity = (value: number): string => (value < 0 ? '-Inf' : '+Inf');

/** The Prometheus text format, to the byte as prom-client writes it. */
export const plainText: TextStyle = {
  head: ({ name, help, type }) => `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`,
  bound: String,
  number: (value) => (Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'Nan' : infinity(value)),
  exemplar: () => '',
  betweenFamilies: '\n',
  end: '',
};

/** A counter without the suffix `_total` cannot be one in OpenMetrics; as `unknown` it keeps its name in both formats. */
function openMetricsFamily({ name, type }: Family): { name: string; type: string } {
  if (type !== 'counter') return { name, type };
  return name.endsWith('_total') ? { name: name.slice(0, -'_total'.length), type } : { name, type: 'unknown' };
}

/** OpenMetrics 1.0. Every series has the same name as in the plain text; `le` is a float, as Prometheus 3 stores it for either. */
export const openMetricsText: TextStyle = {
  head: (family) => {
    const { name, type } = openMetricsFamily(family);
    return `# TYPE ${name} ${type}\n# HELP ${name} ${escapeValue(family.help)}\n`;
  },
  bound: (le) => (Number.isInteger(le) && le < 1e21 ? `${le}.0` : String(le)),
  number: (value) => (Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : infinity(value)),
  exemplar: (exemplar) =>
    exemplar ? ` # {trace_id="${exemplar.traceId}"} ${exemplar.value} ${exemplar.timestampSeconds.toFixed(3)}` : '',
  betweenFamilies: '',
  end: '# EOF\n',
};

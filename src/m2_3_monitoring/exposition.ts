import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import type { Exemplars } from './exemplars.js';
import type { Metrics } from './metrics.js';

/** A text form of the metrics. */
export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPES: Record<Format, string> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The quality that an Accept header gives a media type, 0 to 1. */
function quality(accept: string, mediaType: string): number {
  const entries = accept.split(',').map((entry) => entry.trim().split(/\s*;\s*/));
  const qualities = entries
    .filter(([type]) => type?.toLowerCase() === mediaType)
    .map(([, ...parameters]) => Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1));
  return Math.max(0, ...qualities.filter(Number.isFinite));
}

/** OpenMetrics where the client asks for it and likes it at least as well as plain text, else text. */
export function negotiate(accept = ''): Format {
  const openMetrics = quality(accept, 'application/openmetrics-text');
  return openMetrics > 0 && openMetrics >= quality(accept, 'text/plain') ? 'openmetrics' : 'text';
}

type Value = MetricValue<string> & { metricName?: string };
type Metric = MetricObjectWithValues<MetricValue<string>>;

/** What Node's event loop metrics say before they have measured anything: NaN, and the largest integer as a minimum. */
const UNMEASURED_SECONDS = 9223372036.854776;
const isMeasured = (value: number): boolean => !Number.isNaN(value) && value !== UNMEASURED_SECONDS;
const UNMEASURED_LINE = /^[^#\n].* (?:nan|9223372036\.854776)\n/gim;

const escapeText = (text: string) => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** OpenMetrics wants `le` as a float, in the form that Prometheus 3 stores for either format: `1.0`. */
const boundText = (le: string | number) => (/^\d+$/.test(String(le)) ? `${le}.0` : String(le));

function labelsText(labels: Record<string, string | number>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escapeText(name === 'le' ? boundText(value) : String(value))}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** A counter without the suffix `_total` cannot be one in OpenMetrics; as `unknown` it keeps its name in both formats. */
function familyOf({ name, type }: Metric): { family: string; typeName: string } {
  const kind = String(type);
  if (kind !== 'counter') return { family: name, typeName: kind };
  return name.endsWith('_total')
    ? { family: name.slice(0, -'_total'.length), typeName: kind }
    : { family: name, typeName: 'unknown' };
}

function exemplarText(exemplars: Exemplars, metric: string, value: Value): string {
  if (!value.metricName?.endsWith('_bucket')) return '';
  const exemplar = exemplars.find(metric, value.labels as Record<string, string | number>);
  if (!exemplar) return '';
  return ` # {trace_id="${exemplar.traceId}"} ${exemplar.value} ${exemplar.timestampSeconds.toFixed(3)}`;
}

function openMetricsOf(metric: Metric, exemplars: Exemplars): string {
  const { family, typeName } = familyOf(metric);
  const measured = (metric.values as Value[]).filter(({ value }) => isMeasured(value));
  const lines = measured.map((value) => {
    const labels = labelsText(value.labels as Record<string, string | number>);
    return `${value.metricName ?? metric.name}${labels} ${numberText(value.value)}${exemplarText(exemplars, metric.name, value)}`;
  });
  return [`# TYPE ${family} ${typeName}`, `# HELP ${family} ${escapeText(metric.help)}`, ...lines].join('\n');
}

async function renderOpenMetrics(registry: Registry, exemplars: Exemplars): Promise<string> {
  const metrics = await registry.getMetricsAsJSON();
  return `${metrics.map((metric) => openMetricsOf(metric as Metric, exemplars)).join('\n')}\n# EOF\n`;
}

/** The format of prom-client's registry is never switched: that would rename counters for good. */
const renderText = async (registry: Registry): Promise<string> =>
  (await registry.metrics()).replace(UNMEASURED_LINE, '');

/** Renders the metrics; scrapes that come while one is being rendered get the same text. */
export interface Exposition {
  render(format: Format): Promise<string>;
}

/** The exposition of a registry, which also says of itself how long it took and how large it was. */
export function createExposition(
  registry: Registry,
  metrics: Metrics,
  exemplars: Exemplars,
  now: () => number,
): Exposition {
  const underWay = new Map<Format, Promise<string>>();
  const collect = async (format: Format) => {
    const startMs = now();
    const text = format === 'text' ? await renderText(registry) : await renderOpenMetrics(registry, exemplars);
    metrics.scrapeDuration.set((now() - startMs) / 1000);
    metrics.scrapeSize.set(Buffer.byteLength(text));
    return text;
  };
  return {
    render(format) {
      const known = underWay.get(format);
      if (known) return known;
      const rendering = collect(format).finally(() => underWay.delete(format));
      underWay.set(format, rendering);
      return rendering;
    },
  };
}

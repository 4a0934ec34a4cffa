import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import { type AnyMetric, defaultLabelsOf, type Family, labelsText, openMetricsText } from '../series/index.js';

// The metrics of Node itself, by prom-client, and whatever else a user has put on the registry.

/** What Node's event loop metrics say before they have measured anything: NaN, and the largest integer as a minimum. */
const UNMEASURED_SECONDS = 9223372036.854776;
const isMeasured = (value: number): boolean => !Number.isNaN(value) && value !== UNMEASURED_SECONDS;
const UNMEASURED_LINE = /^[^#\n].* (?:nan|9223372036\.854776)\n/gim;

/** A metric of prom-client in the plain text format. */
export async function otherAsText(registry: Registry, { name }: AnyMetric): Promise<string> {
  return `${await registry.getSingleMetricAsString(name)}\n`.replace(UNMEASURED_LINE, '');
}

type Value = MetricValue<string> & { metricName?: string };
type Values = Omit<MetricObjectWithValues<Value>, 'type'> & Family;

/** A bound that prom-client has as a number is written as a float. */
const labelsOf = ({ le, ...labels }: Value['labels']) =>
  le === undefined ? labels : { le: typeof le === 'number' ? openMetricsText.bound(le) : le, ...labels };

/** A metric of prom-client in OpenMetrics. */
export async function otherAsOpenMetrics(registry: Registry, metric: AnyMetric): Promise<string> {
  const family = (await (metric as unknown as { get(): Promise<Values> }).get()) as Values;
  const defaults = defaultLabelsOf(registry);
  const lines = family.values
    .filter(({ value }) => isMeasured(value))
    .map(({ metricName = family.name, labels, value }) => {
      const text = labelsText(labelsOf(labels), defaults);
      return `${metricName}${text && `{${text}}`} ${openMetricsText.number(value)}\n`;
    });
  return openMetricsText.head(family) + lines.join('');
}

import { type ExposedSample, metricOf, parseExposition } from '../../prometheus/exposition.js';
import type { KnownMetric } from './known-metrics.js';

const BOUNDS = new Set(['le', 'quantile']);
const TYPES = ['counter', 'gauge', 'histogram', 'summary'] as const;

function toMetric(name: string, declared: string | undefined, samples: ExposedSample[]): KnownMetric {
  const type = TYPES.find((one) => one === declared) ?? 'untyped';
  if (samples.length === 0) return { name, type, labels: undefined };
  const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
  const bounds = new Set(samples.map((sample) => Number(sample.labels.le)).filter(Number.isFinite));
  return {
    name,
    type,
    labels: [...labels].filter((label) => !BOUNDS.has(label)),
    ...(type === 'histogram' && { buckets: [...bounds].sort((a, b) => a - b) }),
  };
}

/** What a page in Prometheus' text format says about its metrics: type, labels, boundaries. */
export function metricsOfPage(page: string): KnownMetric[] {
  const { types, samples } = parseExposition(page);
  const metrics = new Map([...types.keys()].map((name): [string, ExposedSample[]] => [name, []]));
  for (const sample of samples) {
    const metric = metricOf(sample.name);
    const name = /^(?:histogram|summary)$/.test(types.get(metric) ?? '') ? metric : sample.name;
    const own = metrics.get(name) ?? [];
    own.push(sample);
    metrics.set(name, own);
  }
  return [...metrics].map(([name, own]) => toMetric(name, types.get(name), own));
}

import type { KnownMetric } from './known-metrics.js';

const LABEL = /(\w+)="((?:\\.|[^"\\])*)"/g;
const NOT_OF_THE_METRIC = new Set(['le', 'quantile']);

interface Collected {
  type: KnownMetric['type'];
  labels: Set<string> | undefined;
  buckets: Set<number>;
}

const TYPES = ['counter', 'gauge', 'histogram', 'summary'] as const;

/** The metric that a sample belongs to, by the types declared so far. */
function familyOf(sample: string, families: Map<string, Collected>): string {
  const stem = sample.replace(/_(?:bucket|sum|count)$/, '');
  const type = families.get(stem)?.type;
  return type === 'histogram' || type === 'summary' ? stem : sample;
}

function collect(family: Collected, labels: string): void {
  family.labels ??= new Set();
  for (const [, label = '', value = ''] of labels.matchAll(LABEL)) {
    if (!NOT_OF_THE_METRIC.has(label)) family.labels.add(label);
    else if (label === 'le' && Number.isFinite(Number(value))) family.buckets.add(Number(value));
  }
}

/** What a page in Prometheus' text format says about its metrics: type, labels, boundaries. */
export function parseExposition(page: string): KnownMetric[] {
  const families = new Map<string, Collected>();
  const family = (name: string): Collected => {
    const found = families.get(name) ?? { type: 'untyped', labels: undefined, buckets: new Set() };
    families.set(name, found);
    return found;
  };
  for (const line of page.split('\n')) {
    const [, declared, type] = /^# TYPE (\S+) (\w+)/.exec(line) ?? [];
    if (declared) family(declared).type = TYPES.find((one) => one === type) ?? 'untyped';
    const [, sample, labels = ''] = /^([a-zA-Z_:][\w:]*)(\{.*\})?\s/.exec(line) ?? [];
    if (sample) collect(family(familyOf(sample, families)), labels);
  }
  return [...families].map(([name, { type, labels, buckets }]) => ({
    name,
    type,
    labels: labels && [...labels],
    ...(type === 'histogram' && labels && { buckets: [...buckets].sort((a, b) => a - b) }),
  }));
}

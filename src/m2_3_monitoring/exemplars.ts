import { activeTrace } from './trace-context.js';

/** An observation that stands for its bucket, and leads to its trace. */
export interface Exemplar {
  traceId: string;
  value: number;
  /** Seconds since 1970. */
  timestampSeconds: number;
}

export interface Exemplars {
  /** Keeps an observation as the newest one of its bucket, where a sampled span is active. */
  offer(metric: string, labels: Record<string, string>, buckets: readonly number[], value: number): void;
  /** The newest one of a bucket; `le` is among the labels, as /metrics shows it. */
  find(metric: string, labels: Record<string, string | number>): Exemplar | undefined;
}

const keyOf = (metric: string, labels: Record<string, string | number>, le: string | number) =>
  JSON.stringify([
    metric,
    String(le),
    ...Object.entries(labels)
      .filter(([label]) => label !== 'le')
      .sort(),
  ]);

/** Exemplars of histograms: one for each bucket of each series, so as many as buckets at most. */
export function createExemplars(wallClock: () => number): Exemplars {
  const newest = new Map<string, Exemplar>();
  return {
    offer(metric, labels, buckets, value) {
      const context = activeTrace();
      if (!context?.sampled) return;
      const le = buckets.find((bound) => value <= bound) ?? '+Inf';
      newest.set(keyOf(metric, labels, le), { traceId: context.traceId, value, timestampSeconds: wallClock() / 1000 });
    },
    find: (metric, labels) => newest.get(keyOf(metric, labels, labels.le ?? '+Inf')),
  };
}

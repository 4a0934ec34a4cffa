import type { Drop } from './metrics.js';

const RECORDING_METHODS = ['inc', 'dec', 'set', 'observe'] as const;
type Recording = Partial<Record<(typeof RECORDING_METHODS)[number], (...values: unknown[]) => void>>;
type GuardedMetric = Recording & { name: string; labels(...values: unknown[]): Recording };

const isBadNumber = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);

const REFUSED: Required<Recording> = { inc() {}, dec() {}, set() {}, observe() {} };

/**
 * Makes a prom-client metric safe in a request path: what prom-client would throw on (a wrong label, a text, a negative
 * increment), or would take and be poisoned by for good (NaN), is counted by `drop` instead.
 */
export function guard<Metric extends object>(metric: Metric, drop: Drop): Metric {
  const target = metric as unknown as GuardedMetric;
  for (const method of RECORDING_METHODS) {
    const record = target[method];
    if (!record) continue;
    target[method] = (...values) => {
      if (values.some(isBadNumber)) return drop(target.name, 'not_finite');
      try {
        record.apply(metric, values);
      } catch {
        drop(target.name, 'refused');
      }
    };
  }
  const labels = target.labels;
  target.labels = (...values) => {
    try {
      return labels.apply(metric, values);
    } catch {
      drop(target.name, 'refused');
      return REFUSED;
    }
  };
  return metric;
}

import type { Drop } from './catalogue.js';
import type { LimitLabels } from './label-limiter.js';

// biome-ignore lint/suspicious/noExplicitAny: prom-client's methods take numbers, labels or both
type Method = (...values: any[]) => any;
type Methods = Partial<Record<string, Method>>;
type GuardedMetric = Methods & { name: string };

const RECORDING_METHODS = ['inc', 'dec', 'set', 'observe', 'zero', 'setToCurrentTime'];
/** Methods that give something to record with later. */
const BINDING_METHODS = ['labels', 'startTimer'];

const REFUSED = Object.assign(() => 0, {
  inc() {},
  dec() {},
  set() {},
  observe() {},
  setToCurrentTime() {},
  startTimer: () => () => 0,
});

const isBadNumber = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);
const isLabels = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * Makes a prom-client metric safe in a request path: labels are limited, and what prom-client would throw on (a wrong label,
 * a text, a negative increment), or would take and be poisoned by for good (NaN), is counted by `drop` instead.
 */
export function guard<Metric extends object>(metric: Metric, drop: Drop, limit: LimitLabels): Metric {
  const target = metric as unknown as GuardedMetric;
  const refuse = () => drop(target.name, 'refused');
  const limited = (value: unknown) => (isLabels(value) ? limit(target.name, value) : value);

  const guardRecording = (owner: Methods, prepare: (value: unknown) => unknown): void => {
    for (const name of RECORDING_METHODS) {
      const record = owner[name];
      if (!record) continue;
      owner[name] = (first, second) => {
        if (isBadNumber(first) || isBadNumber(second)) return drop(target.name, 'not_finite');
        try {
          record.call(owner, prepare(first), second);
        } catch {
          refuse();
        }
      };
    }
  };

  guardRecording(target, limited);
  for (const name of BINDING_METHODS) {
    const bind = target[name];
    if (!bind) continue;
    target[name] = (...values) => {
      try {
        const bound = bind.apply(metric, values.map(limited));
        if (isLabels(bound)) guardRecording(bound as Methods, (given) => given);
        return bound;
      } catch {
        refuse();
        return REFUSED;
      }
    };
  }
  return metric;
}

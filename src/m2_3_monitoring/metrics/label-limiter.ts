import { invalidOption } from '../errors/index.js';
import { catalogue, DROP_REASONS, STATUSES } from './catalogue.js';

/** What stands for every value beyond the limit. */
const OVERFLOW_VALUE = 'other';

const MAX_VALUE_LENGTH = 128;
/** Values that are the module's own: they never fall to the limit. */
const OWN_VALUES: Record<string, ReadonlySet<string>> = { status: new Set(STATUSES), reason: new Set(DROP_REASONS) };
/** Metrics that only the module itself records, under names of its own. */
const OWN_METRICS = new Set<string>([catalogue.droppedValues.name, catalogue.labelOverflow.name]);

const UNBOUNDED_NAMES = [
  ...(['user', 'user_name', 'session', 'request', 'prompt', 'query', 'question', 'answer', 'message'] as const),
  ...(['email', 'ip', 'id', 'uuid', 'trace', 'span', 'timestamp', 'time'] as const),
] as const;
const UNBOUNDED_ENDINGS = ['_id', '_uuid', '_email', '_timestamp', '_text'] as const;

/** Label names that take a new value with every call, so that every call would make new series. */
export type UnboundedLabelName = (typeof UNBOUNDED_NAMES)[number] | `${string}${(typeof UNBOUNDED_ENDINGS)[number]}`;

const isUnbounded = (label: string): boolean =>
  UNBOUNDED_NAMES.some((name) => label === name) || UNBOUNDED_ENDINGS.some((ending) => label.endsWith(ending));

/** @throws {TypeError} if a label is unbounded by nature */
export function assertBoundedLabels(labels: readonly string[]): void {
  const unbounded = labels.find(isUnbounded);
  if (unbounded === undefined) return;
  const hint = 'each of its values would make new series for good: put it into a log line';
  throw invalidOption('labels', 'labels with few values', unbounded, hint);
}

export interface LabelLimits {
  /** Values that a label may have in all metrics together. */
  maxLabelValues: number;
  /** The only values of the label `model`; all are allowed where this is empty. */
  models: readonly string[];
  /** Called for every recorded value that was replaced. */
  onOverflow(metric: string, label: string): void;
}

/** Gives labels in which every value beyond the limit is replaced, so that totals stay right and the series few. */
export type LimitLabels = (metric: string, labels: Record<string, unknown>) => Record<string, string>;

function toText(value: unknown): string {
  try {
    const text = typeof value === 'string' ? value : String(value);
    // Half a surrogate pair becomes U+FFFD on the wire, and two different series would become one.
    return Buffer.from(text.slice(0, MAX_VALUE_LENGTH)).toString();
  } catch {
    return 'unreadable';
  }
}

/** One limit for a set of metrics. A label is limited by itself: `status` stays exact when `endpoint` overflows. */
export function createLabelLimiter({ maxLabelValues, models, onOverflow }: LabelLimits): LimitLabels {
  const seen = new Map<string, Set<string>>([['model', new Set(models)]]);
  const isAllowed = (label: string, value: string): boolean => {
    const values = seen.get(label) ?? new Set();
    seen.set(label, values);
    if (values.has(value) || value === OVERFLOW_VALUE) return true;
    if ((label === 'model' && models.length > 0) || values.size >= maxLabelValues) return false;
    values.add(value);
    return true;
  };
  const isOwn = (metric: string, label: string, value: string) =>
    OWN_VALUES[label]?.has(value) === true || OWN_METRICS.has(metric);
  // Nearly every value was seen before: then the labels can be taken as they are.
  const isKnown = (metric: string, labels: Record<string, unknown>): labels is Record<string, string> => {
    for (const label in labels) {
      const value = labels[label];
      if (typeof value !== 'string') return false;
      if (!seen.get(label)?.has(value) && !isOwn(metric, label, value)) return false;
    }
    return true;
  };
  return (metric, labels) => {
    if (isKnown(metric, labels)) return labels;
    const limited: Record<string, string> = {};
    for (const label of Object.keys(labels)) {
      const value = toText(labels[label]);
      const allowed = isOwn(metric, label, value) || isAllowed(label, value);
      if (!allowed) onOverflow(metric, label);
      limited[label] = allowed ? value : OVERFLOW_VALUE;
    }
    return limited;
  };
}

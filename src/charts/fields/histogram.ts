import { parseNumber } from '../../prometheus/number.js';
import type { Series } from '../dashboard/types.js';
import { reduce } from './reduce.js';

/** A bucket of a histogram: how many lay above the one below, and at most at `upTo`. */
export interface Bucket {
  from: number;
  upTo: number;
  count: number;
}

export const boundOf = ({ labels }: Series): number => parseNumber(labels.le ?? '');

/** Prometheus' buckets count everything below their bound; these count what is in between. Never negative. */
export function toBuckets(cumulative: [upTo: number, count: number][]): Bucket[] {
  const order = [...cumulative].sort(([one], [other]) => one - other);
  return order.map(([upTo, count], index) => {
    const [from, below] = order[index - 1] ?? [Math.min(0, upTo), 0];
    return { from, upTo, count: Number.isFinite(count - below) ? Math.max(0, count - below) : 0 };
  });
}

/** The buckets of one histogram from its `_bucket` series, at their last value. */
export const bucketsOf = (series: Series[]): Bucket[] =>
  toBuckets(
    series.filter((one) => !Number.isNaN(boundOf(one))).map((one) => [boundOf(one), reduce(one, 'lastNotNull') ?? 0]),
  );

/** Where a value stands among buckets of equal width: 2.5 is in the middle of the third. */
export function positionOf(value: number, buckets: Bucket[]): number {
  const index = buckets.findIndex(({ upTo }) => value <= upTo);
  if (index < 0) return buckets.length;
  const { from, upTo } = buckets[index] as Bucket;
  if (upTo === Infinity) return index + (value > from ? 0.5 : 0);
  return Math.max(0, index + (value - from) / (upTo - from));
}

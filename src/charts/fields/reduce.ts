import type { Series } from '../dashboard/types.js';

type Values = number[];

const sum = (values: Values) => values.reduce((total, value) => total + value, 0);
const difference = (values: Values) => (values.at(-1) ?? 0) - (values[0] ?? 0);
const sorted = (values: Values) => [...values].sort((one, other) => one - other);

function median(values: Values): number {
  const order = sorted(values);
  const middle = Math.floor(order.length / 2);
  const upper = order[middle] as number;
  return order.length % 2 === 1 ? upper : (upper + (order[middle - 1] as number)) / 2;
}

function variance(values: Values): number {
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) ** 2)) / values.length;
}

/** Grafana's reductions by id: what the legend's column is called, and the calculation over the values that are there. */
const CALCS: Record<string, { label: string; of: (values: Values) => number }> = {
  lastNotNull: { label: 'Last *', of: (values) => values.at(-1) as number },
  firstNotNull: { label: 'First *', of: (values) => values[0] as number },
  mean: { label: 'Mean', of: (values) => sum(values) / values.length },
  median: { label: 'Median', of: median },
  min: { label: 'Min', of: (values) => Math.min(...values) },
  max: { label: 'Max', of: (values) => Math.max(...values) },
  sum: { label: 'Total', of: sum },
  count: { label: 'Count', of: (values) => values.length },
  range: { label: 'Range', of: (values) => Math.max(...values) - Math.min(...values) },
  diff: { label: 'Difference', of: difference },
  delta: {
    // What a counter has grown by: a fall is a restart, and it went on from zero.
    label: 'Delta',
    of: (values) =>
      sum(
        values.slice(1).map((value, index) => {
          const grown = value - (values[index] as number);
          return grown < 0 ? value : grown;
        }),
      ),
  },
  variance: { label: 'Variance', of: variance },
  stdDev: { label: 'StdDev', of: (values) => Math.sqrt(variance(values)) },
};

// These two look at the very first and last point, which may hold no value.
const ENDS: Record<string, { label: string; at: number }> = {
  first: { label: 'First', at: 0 },
  last: { label: 'Last', at: -1 },
};

export const isCalc = (id: string): boolean => Object.hasOwn(CALCS, id) || Object.hasOwn(ENDS, id);

/** What Grafana calls a reduction. */
export const calcLabel = (id: string): string => CALCS[id]?.label ?? ENDS[id]?.label ?? id;

/** A series as one number; null where it has no value at all. */
export function reduce({ points }: Pick<Series, 'points'>, calc: string): number | null {
  const end = ENDS[calc];
  if (end) return points.at(end.at)?.[1] ?? null;
  const values = points.map(([, value]) => value).filter((value) => value !== null);
  return values.length === 0 ? null : ((CALCS[calc] ?? CALCS.lastNotNull)?.of(values) as number);
}

/** Whether there is anything to show. */
export const hasData = (series: Pick<Series, 'points'>[]): boolean =>
  series.some(({ points }) => points.some(([, value]) => value !== null));

import type { Field } from '../fields/field.js';

/** A curve's points as they are drawn; what is no finite number is a gap. */
export interface Drawn {
  field: Field;
  points: [milliseconds: number, value: number | null][];
}

const drawable = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);

const stackOf = ({ custom }: Field): string | undefined => {
  const { mode = 'none', group = 'A' } = custom.stacking ?? {};
  return mode === 'none' ? undefined : `${group} ${custom.axisPlacement ?? ''}`;
};

const plain = (field: Field): Drawn['points'] =>
  field.series.points.map(([seconds, value]) => [seconds * 1000, drawable(value)]);

/** Stacked curves need a value at each other's times; in percentage mode, each value is its share of the sum. */
function stacked(fields: Field[]): Drawn[] {
  const times = [...new Set(fields.flatMap(({ series }) => series.points.map(([seconds]) => seconds)))].sort(
    (one, other) => one - other,
  );
  const values = fields.map(({ series }) => new Map(series.points));
  const isPercent = fields.some(({ custom }) => custom.stacking?.mode === 'percent');
  const total = (seconds: number) => values.reduce((sum, one) => sum + (drawable(one.get(seconds) ?? null) ?? 0), 0);
  return fields.map((field, index) => ({
    field,
    points: times.map((seconds) => {
      const value = drawable(values[index]?.get(seconds) ?? null);
      return [seconds * 1000, value !== null && isPercent ? value / (total(seconds) || 1) : value];
    }),
  }));
}

/** The curves in their order, with the stack that each belongs to. */
export function drawnCurves(fields: Field[]): (Drawn & { stack: string | undefined })[] {
  const stacks = new Map<string, Drawn[]>();
  for (const field of fields) {
    const stack = stackOf(field);
    if (stack === undefined || stacks.has(stack)) continue;
    stacks.set(stack, stacked(fields.filter((other) => stackOf(other) === stack)));
  }
  return fields.map((field) => {
    const stack = stackOf(field);
    const own = stack === undefined ? undefined : stacks.get(stack)?.find((one) => one.field === field);
    return { field, points: own?.points ?? plain(field), stack };
  });
}

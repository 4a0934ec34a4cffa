const nice = (raw: number, steps: number[]): number => {
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  return magnitude * (steps.find((step) => step * magnitude >= raw * 0.999) ?? 10);
};

const TIME_STEPS = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];

/** A round distance between two ticks, in the sizes in which the unit is written. */
function stepFor(raw: number, unit: string): number {
  if (unit === 's' && raw > 1) return TIME_STEPS.find((step) => step >= raw) ?? 86_400 * nice(raw / 86_400, [1, 2, 5]);
  if (unit === 'ms' && raw > 1000) return 1000 * stepFor(raw / 1000, 's');
  if (unit === 'bytes' && raw > 1) return 2 ** Math.ceil(Math.log2(raw));
  return nice(raw, [1, 2, 2.5, 5]);
}

export interface Scale {
  min: number;
  max: number;
  step: number;
  ticks: number[];
}

export interface ScaleWish {
  /** What is drawn lies between these. */
  low: number;
  high: number;
  /** Where the axis has to end, whatever is drawn. */
  min?: number | null;
  max?: number | null;
  unit: string;
  /** How many ticks fit, about. */
  count: number;
}

const round = (value: number) => Number(value.toPrecision(12));

/** An axis with round ticks, that ends on a tick where it may. */
export function scaleFor({ low, high, min, max, unit, count }: ScaleWish): Scale {
  const from = min ?? Math.min(low, high);
  let to = max ?? Math.max(low, high);
  // A flat line gets room above it (and below, where it is not zero).
  if (to <= from) to = from + (from === 0 ? 1 : Math.abs(from) * 0.5);
  const step = stepFor((to - from) / Math.max(1, count), unit);
  const start = min ?? round(Math.floor(from / step + 1e-9) * step);
  const end = max ?? round(Math.ceil(to / step - 1e-9) * step);
  const first = Math.ceil(start / step - 1e-9);
  const last = Math.floor(end / step + 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first) + 1 }, (_, index) => round((first + index) * step));
  return { min: start, max: end, step, ticks };
}

/** A number in the size that fits it, and what is written behind it. */
type Scaled = [value: number, suffix: string];
type Scale = (value: number) => Scaled;

/** Without what binary fractions add: 0.007 s are 7 ms, not 7.000000000000001 ms. */
const exact = (value: number) => Number(value.toPrecision(12));

/** The sizes of a unit: from which value on, divided by what. The last one that fits is taken. */
const bySize =
  (sizes: [from: number, divisor: number, suffix: string][]): Scale =>
  (value) => {
    const size = Math.abs(value);
    const [, divisor = 1, suffix = ''] = sizes.filter(([from]) => size >= from).at(-1) ?? [];
    return [exact(value / divisor), suffix];
  };

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const WEEK = 604_800;
const YEAR = 31_556_900;

const seconds: Scale = (value) =>
  value === 0
    ? [0, ' s']
    : bySize([
        [0, 1e-9, ' ns'],
        [1e-6, 1e-6, ' µs'],
        [1e-3, 1e-3, ' ms'],
        [1, 1, ' s'],
        [MINUTE, MINUTE, ' mins'],
        [HOUR, HOUR, ' hours'],
        [DAY, DAY, ' days'],
        [WEEK, WEEK, ' weeks'],
        [YEAR, YEAR, ' years'],
      ])(value);

const milliseconds: Scale = (value) => (Math.abs(value) < 1000 ? [value, ' ms'] : seconds(value / 1000));

const thousands = (suffixes: string[], base = 1000): Scale =>
  bySize(suffixes.map((suffix, power) => [power === 0 ? 0 : base ** power, base ** power, suffix]));

const perSecond = (unit: string): Scale => thousands(['', 'K', 'M', 'B', 'T'].map((prefix) => `${prefix} ${unit}`));
const plain =
  (suffix: string, factor = 1): Scale =>
  (value) => [exact(value * factor), suffix];

const bytes = (prefixes: string[], base: number) => thousands(prefixes, base);

/** Grafana's units that are drawn, by its name for them. */
const UNITS: Record<string, { scale: Scale; prefix?: string }> = {
  none: { scale: plain('') },
  short: { scale: thousands(['', ' K', ' Mil', ' Bil', ' Tri']) },
  s: { scale: seconds },
  ms: { scale: milliseconds },
  percent: { scale: plain('%') },
  percentunit: { scale: plain('%', 100) },
  currencyUSD: { scale: thousands(['', 'K', 'M', 'B', 'T']), prefix: '$' },
  reqps: { scale: perSecond('req/s') },
  ops: { scale: perSecond('ops/s') },
  bytes: { scale: bytes([' B', ' KiB', ' MiB', ' GiB', ' TiB'], 1024) },
  decbytes: { scale: bytes([' B', ' kB', ' MB', ' GB', ' TB'], 1000) },
};

export const isUnit = (unit: string): boolean => Object.hasOwn(UNITS, unit);

const unitOf = (unit: string) => (isUnit(unit) ? UNITS[unit] : undefined) ?? { scale: plain('') };

/** Decimals for three digits in all; none for a whole number. */
function automaticDecimals(value: number): number {
  if (value === 0 || Number.isInteger(value)) return 0;
  return Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
}

function digits(value: number, decimals: number | undefined): string {
  const places = Math.min(20, Math.max(0, decimals ?? automaticDecimals(value)));
  const text = value.toFixed(places);
  // Rounded away to nothing: a minus before a zero would mean something.
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/**
 * A value as Grafana writes it: `250 ms`, `1.50 s`, `2.10 mins`, `1.20 K`, `12.3%`, `$0.00450`. Three digits where
 * `decimals` is left out; `No data` for null.
 */
export function formatValue(value: number | null, unit = 'none', decimals?: number | null): string {
  if (value === null || Number.isNaN(value)) return 'No data';
  const { scale, prefix = '' } = unitOf(unit);
  if (!Number.isFinite(value)) return value < 0 ? '-∞' : '∞';
  const [scaled, suffix] = scale(value);
  const sign = prefix && scaled < 0 ? '-' : '';
  return `${sign}${prefix}${digits(sign ? -scaled : scaled, decimals ?? undefined)}${suffix}`;
}

/** A bound or a threshold: no more digits than it has, `2.5 s` rather than `2.50 s`. */
export function formatExactly(value: number, unit = 'none', decimals?: number | null): string {
  const [scaled] = Number.isFinite(value) ? unitOf(unit).scale(value) : [0];
  return formatValue(value, unit, Math.max(decimals ?? 0, decimalsOf(Number(scaled.toPrecision(3)))));
}

/** The texts of an axis' ticks: each with as many decimals as its step needs. */
export function formatTicks(ticks: number[], unit = 'none', decimals?: number | null): string[] {
  const { scale } = unitOf(unit);
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) || 1;
  return ticks.map((tick) => {
    // The step in the size in which this tick is written, as 0.5 for 500 ms between 1 s and 1.5 s.
    const factor = tick === 0 ? scale(step)[0] / step : scale(tick)[0] / tick;
    const needed = tick === 0 ? 0 : decimalsOf(step * factor);
    return formatValue(tick, unit, decimals === undefined || decimals === null ? needed : Math.max(decimals, 0));
  });
}

/** Decimals that a number has, up to ten; 0.30000000000000004 has one. */
function decimalsOf(value: number): number {
  const text = String(Number(value.toPrecision(10)));
  const [, exponent] = text.split('e-');
  return Math.min(10, (text.split('e')[0]?.split('.')[1]?.length ?? 0) + Number(exponent ?? 0));
}

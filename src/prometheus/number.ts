const INFINITE = /^([-+]?)inf(?:inity)?$/i;

/** The number that a sample, a bound or an expression has as text: `0.5`, `1e-7`, `+Inf`, `NaN`; NaN where it is none. */
export function parseNumber(text: string): number {
  const value = text === '' ? Number.NaN : Number(text);
  const [, sign] = Number.isNaN(value) ? (INFINITE.exec(text) ?? []) : [];
  return sign === undefined ? value : sign === '-' ? -Infinity : Infinity;
}

/** A number as Prometheus writes it. */
export const formatNumber = (value: number): string =>
  Math.abs(value) === Infinity ? `${value < 0 ? '-' : '+'}Inf` : String(value);

const significant = (value: number) => String(Number(value.toPrecision(3)));

/** A value in one of the dashboard's units, as text. */
export function formatValue(value: number, unit: string, decimals?: number): string {
  if (!Number.isFinite(value)) return 'no data';
  if (unit === 's') return value < 1 ? `${significant(value * 1000)} ms` : `${significant(value)} s`;
  if (unit === 'percentunit') return `${significant(value * 100)} %`;
  if (unit === 'currencyUSD') return `${significant(value)} USD`;
  if (unit === 'reqps') return `${significant(value)} req/s`;
  return decimals === undefined ? significant(value) : value.toFixed(decimals);
}

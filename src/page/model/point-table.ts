import type { Series } from '../../charts/index.js';

/** Series as a table: a row for each moment, the newest first, and a column for each series. */
export interface PointTable {
  columns: string[];
  rows: { ms: number; values: (number | null)[] }[];
}

export function pointTable(series: Series[]): PointTable {
  const moments = [...new Set(series.flatMap(({ points }) => points.map(([seconds]) => seconds)))];
  const byMoment = series.map(({ points }) => new Map(points));
  return {
    columns: series.map(({ name }) => name),
    rows: moments
      .sort((a, b) => b - a)
      .map((seconds) => ({ ms: seconds * 1000, values: byMoment.map((points) => points.get(seconds) ?? null) })),
  };
}

// A cell that begins like a formula is one for spreadsheets, unless it is a number.
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** The table as a file for spreadsheets, the oldest row first; times in UTC. */
export function toCsv({ columns, rows }: PointTable): string {
  const lines = [...rows]
    .reverse()
    .map(({ ms, values }) => [new Date(ms).toISOString(), ...values.map((value) => value ?? '').map(String)]);
  return `${[['time', ...columns], ...lines].map((line) => line.map(cell).join(',')).join('\n')}\n`;
}

import { textTable } from '../src/cli/index.js';

/** One measured thing in a table. */
export interface Row {
  name: string;
  value: number;
  /** Half the distance between the quartiles, as a share of the value; undefined where it was measured once. */
  spread?: number;
  /** What the others are compared with. */
  isOurs?: true;
}

/** What a suite has found. */
export interface Report {
  title: string;
  unit: string;
  rows: Row[];
  /** What the numbers do not say by themselves. */
  notes?: string[];
}

const digits = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

/** Prints a report as a table, with the first of our rows as a share of every other. */
export function print({ title, unit, rows, notes = [] }: Report): void {
  const ours = rows.find(({ isOurs }) => isOurs)?.value;
  console.log(`\n${title}, in ${unit}`);
  const cells = rows.map(({ name, value, spread, isOurs }) => ({
    name,
    [unit]: Number(value.toFixed(digits(value))),
    ...(spread !== undefined && { 'spread ±%': Math.round(spread * 100) }),
    ...(ours !== undefined && { 'ours is': isOurs ? '' : `${(ours / value).toFixed(2)}×` }),
  }));
  console.log(textTable(cells));
  for (const note of notes) console.log(note);
}

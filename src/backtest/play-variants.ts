import { textTable } from '../cli/index.js';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { formatDuration } from '../prometheus/duration.js';
import type { NamedAlert } from './alert-file.js';
import { evaluationsOf } from './backtest.js';
import { conditionOf, unfiltered } from './condition.js';
import type { OpenPast } from './open-past.js';
import { incidentsFor } from './past-incidents.js';
import { queryRange } from './query-range.js';
import { resultCells, sweepVerdict, verdict } from './report.js';
import { type SweepOptions, type SweepRow, sweep } from './sweep.js';

/** Thresholds and waits to try; undefined are some around what the alert has. */
type Wanted = { [Name in 'thresholds' | 'forsSeconds']: SweepOptions[Name] | undefined };

const significant = (value: number) => Number(value.toPrecision(3));
const ascending = (numbers: number[]) => [...new Set(numbers)].sort((one, other) => one - other);

/** What was asked for, or something around what the alert is. */
function wishes(alert: NamedAlert, threshold: number, { thresholds, forsSeconds }: Wanted) {
  return {
    thresholds: thresholds ?? ascending([0.5, 0.75, 1, 1.5].map((factor) => significant(threshold * factor))),
    forsSeconds: forsSeconds ?? ascending([60, 300, 600, alert.forSeconds]),
  };
}

async function assertValues(alert: NamedAlert, past: OpenPast): Promise<void> {
  const series = await queryRange(past.prometheus, unfiltered(conditionOf(alert.expr)), evaluationsOf(past));
  if (series.length > 0) return;
  throw new CodedError(
    `${alert.name}: its expression gave nothing in that time: there are no such series, or no traffic`,
    'ERR_NO_DATA',
  );
}

/** An alert under several thresholds and waits. */
export interface Variants {
  /** A table, and two lines that sum up. */
  report: string;
  rows: SweepRow[];
  asItIs: SweepRow;
}

/** Plays variants of an alert. @throws {CodedError} `ERR_NO_DATA` or `ERR_EXPRESSION` where its expression gave nothing, or has no threshold */
export async function playVariants(alert: NamedAlert, past: OpenPast, asked: Wanted): Promise<Variants> {
  const { operator, threshold } = conditionOf(alert.expr);
  await assertValues(alert, past);
  const incidents = incidentsFor(alert, past);
  const options = { ...past, rule: alert, ...(incidents && { incidents }) };
  const rows = await sweep({ ...options, ...wishes(alert, threshold, asked) });
  const [asItIs] = await sweep({ ...options, thresholds: [threshold], forsSeconds: [alert.forSeconds] });
  if (!asItIs) throw new CodedError(`${alert.name}: nothing was asked for`, 'ERR_NO_DATA');
  const nameOf = (row: SweepRow) => `${operator} ${row.threshold} for ${formatDuration(row.forSeconds)}`;
  const cells = rows.map((row) => ({
    threshold: `${operator} ${row.threshold}`,
    for: formatDuration(row.forSeconds),
    ...resultCells(row, row.grade),
  }));
  const now = verdict(`As it is (${nameOf(asItIs)}), ${alert.name}`, asItIs, asItIs.grade);
  return { report: `${textTable(cells)}\n\n${now}\n${sweepVerdict(rows, nameOf)}`, rows, asItIs };
}

import { formatDuration } from '../prometheus/duration.js';
import type { BacktestResult } from './alert-states.js';
import type { Grade } from './grade.js';
import { bestOf, type SweepRow } from './sweep.js';

const gradeCells = (grade: Grade | undefined) =>
  grade && {
    'false alarms': grade.falseAlarms,
    found: grade.incidents === 0 ? '-' : `${grade.detected} of ${grade.incidents}`,
    'fires after': grade.minutesUntilFired === undefined ? '-' : `${grade.minutesUntilFired.toFixed(1)} min`,
  };

/** What an alert would have done, as cells of a table. */
export const resultCells = (result: BacktestResult, grade: Grade | undefined) => ({
  fires: result.count,
  'firing in all': formatDuration(result.totalFiringSeconds),
  'pending only': result.pendingOnly,
  ...gradeCells(grade),
});

/** `once`, `7 times`. */
export const timesText = (count: number): string => (count === 1 ? 'once' : `${count} times`);
const plural = (count: number, noun: string) => `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;

/** One line that sums up what an alert did. */
export function verdict(what: string, result: BacktestResult, grade: Grade | undefined): string {
  const all = result.count === 0 ? '' : `, for ${formatDuration(result.totalFiringSeconds)} in all`;
  const fired = result.count === 0 ? 'never fires' : `fires ${timesText(result.count)}`;
  if (!grade) return `${what} ${fired}${all}.`;
  const found = grade.incidents === 0 ? '' : `, finds ${grade.detected} of ${plural(grade.incidents, 'incident')}`;
  return `${what} ${fired}${all}${found}, with ${plural(grade.falseAlarms, 'false alarm')}.`;
}

/** One line that names the best of several variants; where nothing was graded, the quietest and the loudest. */
export function sweepVerdict(rows: readonly SweepRow[], nameOf: (row: SweepRow) => string): string {
  const best = bestOf(rows);
  if (best) return verdict(`Best of these: ${nameOf(best)}`, best, best.grade);
  const byCount = [...rows].sort((one, other) => one.count - other.count);
  const [quietest, loudest] = [byCount[0], byCount.at(-1)];
  if (!quietest || !loudest) return '';
  if (quietest.count === loudest.count)
    return `Each of these ${loudest.count === 0 ? 'never fires' : `fires ${timesText(loudest.count)}`}.`;
  return `${nameOf(loudest)} fires ${timesText(loudest.count)}, ${nameOf(quietest)} ${quietest.count === 0 ? 'never' : timesText(quietest.count)}.`;
}

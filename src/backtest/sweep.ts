import type { SplitThreshold } from '../promql/index.js';
import { type BacktestResult, playAlert } from './alert-states.js';
import { type AlertCondition, evaluationsOf, type Past } from './backtest.js';
import { conditionOf, prepareThresholds } from './condition.js';
import { type Grade, gradeFirings, type KnownIncident } from './grade.js';

export interface SweepOptions extends Past {
  /** The alert; its own threshold and `for` are tried only where they are named. */
  rule: Pick<AlertCondition, 'expr' | 'keepFiringForSeconds'>;
  thresholds: readonly number[];
  forsSeconds: readonly number[];
  /** What is known to have happened. Default: nothing is known, and nothing is graded. */
  incidents?: readonly KnownIncident[];
}

/** One variant of an alert, and what it would have done. */
export interface SweepRow extends BacktestResult {
  threshold: number;
  forSeconds: number;
  /** Undefined where no incidents are known. */
  grade: Grade | undefined;
}

/**
 * How often an alert would have fired under each threshold and each `for`; Prometheus is asked once where it can be.
 * @throws {CodedError} `ERR_EXPRESSION` where the expression has no threshold
 */
export async function sweep({ rule, thresholds, forsSeconds, incidents, ...past }: SweepOptions): Promise<SweepRow[]> {
  const evaluations = evaluationsOf(past);
  const split: SplitThreshold = conditionOf(rule.expr);
  const atThreshold = await prepareThresholds(past.prometheus, split, evaluations);
  const rows: SweepRow[] = [];
  for (const threshold of thresholds) {
    const { series, timing } = await atThreshold(threshold);
    for (const forSeconds of forsSeconds) {
      const { keepFiringForSeconds = 0 } = rule;
      const result = playAlert(series, evaluations, { ...timing, forSeconds, keepFiringForSeconds });
      rows.push({ threshold, forSeconds, ...result, grade: incidents && gradeFirings(result, incidents) });
    }
  }
  return rows;
}

/** The variant that finds most, with the fewest false alarms, soonest; undefined where nothing was graded or found. */
export function bestOf(rows: readonly SweepRow[]): SweepRow | undefined {
  const found = rows.filter(({ grade }) => grade !== undefined && grade.detected > 0);
  const order = ({ grade }: SweepRow) =>
    [-(grade?.detected ?? 0), grade?.falseAlarms ?? 0, grade?.minutesUntilFired ?? 0] as const;
  return found.sort((one, other) => {
    const [a, b] = [order(one), order(other)];
    return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  })[0];
}

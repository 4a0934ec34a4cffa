import type { Evaluations, SteppedSeries } from './query-range.js';

/** An alert that fired. All times are seconds since 1970. */
export interface Firing {
  labels: Record<string, string>;
  /** The first evaluation that was true. */
  pendingSeconds: number;
  firingSeconds: number;
  /** The first evaluation that was not true any more; undefined where it fired to the end. */
  resolvedSeconds: number | undefined;
  /** The worst value: the highest, or the lowest where the alert looks for low ones. */
  peak: number;
}

/** What an alert would have done. */
export interface BacktestResult {
  /** By the time at which they fired. */
  firings: Firing[];
  /** How often it would have fired: for each set of labels by itself. */
  count: number;
  totalFiringSeconds: number;
  totalPendingSeconds: number;
  /** How often it was true, but not for long enough. */
  pendingOnly: number;
}

export interface AlertTiming {
  /** `for` of the rule. Default: 0. */
  forSeconds?: number;
  /** `keep_firing_for` of the rule. Default: 0. */
  keepFiringForSeconds?: number;
  /** Which values are true. Default: every one that is there. */
  isTrue?: (value: number) => boolean;
  /** Which of two values is worse. Default: the higher one. */
  worse?: (a: number, b: number) => number;
}

/** From its first true evaluation to its last, in evaluations. */
interface Episode {
  first: number;
  /** The evaluation at which it fires, where it lives so long. */
  fires: number;
  last: number;
  peak: number;
}

/**
 * The state of an alert as Prometheus keeps it: pending at the first true evaluation, firing once it has been true for
 * `for`; one evaluation that is not true begins anew, but for `keep_firing_for` of one that fires.
 */
function episodesOf({ steps, values }: SteppedSeries, stepSeconds: number, timing: AlertTiming): Episode[] {
  const { forSeconds = 0, keepFiringForSeconds = 0, isTrue = () => true, worse = Math.max } = timing;
  const hold = Math.ceil(forSeconds / stepSeconds);
  const keep = Math.ceil(keepFiringForSeconds / stepSeconds);
  const episodes: Episode[] = [];
  let current: Episode | undefined;
  steps.forEach((step, index) => {
    const value = values[index] as number;
    if (!isTrue(value)) return;
    const isFiring = current !== undefined && current.last >= current.fires;
    if (current && step <= current.last + 1 + (isFiring ? keep : 0)) {
      current.last = step;
      current.peak = worse(current.peak, value);
      return;
    }
    current = { first: step, fires: step + hold, last: step, peak: value };
    episodes.push(current);
  });
  // What fires goes on firing for as long as it is kept.
  return episodes.map((one) => (one.last >= one.fires ? { ...one, last: one.last + keep } : one));
}

/** Plays an alert over what its expression gave. */
export function playAlert(series: SteppedSeries[], evaluations: Evaluations, timing: AlertTiming): BacktestResult {
  const { fromSeconds, toSeconds, stepSeconds } = evaluations;
  const at = (step: number) => fromSeconds + step * stepSeconds;
  const result: BacktestResult = {
    firings: [],
    count: 0,
    totalFiringSeconds: 0,
    totalPendingSeconds: 0,
    pendingOnly: 0,
  };
  for (const one of series) {
    for (const { first, fires, last, peak } of episodesOf(one, stepSeconds, timing)) {
      const end = Math.min(at(last + 1), toSeconds);
      result.totalPendingSeconds += Math.min(at(fires), end) - at(first);
      if (last < fires) {
        result.pendingOnly += 1;
        continue;
      }
      result.totalFiringSeconds += end - at(fires);
      const resolvedSeconds = at(last + 1) <= toSeconds ? at(last + 1) : undefined;
      result.firings.push({
        labels: one.labels,
        pendingSeconds: at(first),
        firingSeconds: at(fires),
        resolvedSeconds,
        peak,
      });
    }
  }
  result.firings.sort((a, b) => a.firingSeconds - b.firingSeconds);
  result.count = result.firings.length;
  return result;
}

import { parseDuration } from '../../prometheus/duration.js';
import { MAX_POINTS } from '../../prometheus/range.js';
import type { Panel, QueryScope, Target } from '../dashboard/types.js';

// Grafana rounds a calculated interval to one of these; below the limit at the same place it is the shorter one still. (Most
// of the limits lie half-way to the next interval, those above 12 hours do not.)
const INTERVALS_MS = [
  1, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000,
  2_592_000_000,
];
const LIMITS_MS = [
  10, 15, 35, 75, 150, 350, 750, 1500, 3500, 7500, 12_500, 17_500, 25_000, 45_000, 90_000, 210_000, 450_000, 750_000,
  1_050_000, 1_500_000, 2_700_000, 5_400_000, 9_000_000, 16_200_000, 32_400_000, 86_400_000, 604_800_000, 1_814_400_000,
  3_628_800_000,
];
const LONGEST_MS = 31_536_000_000;

/** Rounds to the steps of Grafana's ladder: 1 s, 2 s, 5 s, 10 s, 15 s, 20 s, 30 s, 1 min … */
const roundIntervalSeconds = (seconds: number): number =>
  (INTERVALS_MS[LIMITS_MS.findIndex((limitMs) => seconds * 1000 < limitMs)] ?? LONGEST_MS) / 1000;

/** What Grafana calculates for one query of a panel. */
export interface QueryInterval {
  /** `$__interval`, and the step of a range query. */
  stepSeconds: number;
  rateIntervalSeconds: number;
}

/** Seconds of a min step; Grafana's form puts `>` before it. */
const durationOf = (text: string | null | undefined) => parseDuration((text ?? '').trim().replace(/^>\s*/, ''));

/**
 * The interval of a query: range / points, rounded, at least the min step (of the query, the panel, else the scrape
 * interval); `$__rate_interval` spans at least four scrapes, and one more than the interval.
 */
export function queryInterval(panel: Panel, target: Target, scope: QueryScope): QueryInterval {
  const rangeSeconds = scope.range.toSeconds - scope.range.fromSeconds;
  const minStep = durationOf(target.interval);
  const least = minStep ?? durationOf(panel.interval) ?? scope.scrapeIntervalSeconds;
  const calculated = rangeSeconds / Math.max(1, panel.maxDataPoints ?? scope.widthPixels);
  const interval = calculated < least ? least : Math.max(least, roundIntervalSeconds(calculated));
  const safe = roundIntervalSeconds(rangeSeconds / MAX_POINTS);
  const scrape = minStep ?? scope.scrapeIntervalSeconds;
  const adjusted = Math.max(interval, safe);
  const rateIntervalSeconds = Math.max(adjusted + scrape, 4 * scrape);
  const usesRateInterval = /^\$(__rate_interval|\{__rate_interval\})$/.test(target.interval ?? '');
  return {
    stepSeconds: usesRateInterval ? rateIntervalSeconds : adjusted * (target.intervalFactor || 1),
    rateIntervalSeconds,
  };
}

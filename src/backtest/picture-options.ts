import { formatDuration } from '../prometheus/duration.js';
import type { BacktestResult } from './alert-states.js';
import type { KnownIncident } from './grade.js';
import type { Evaluations, SteppedSeries } from './query-range.js';

/** A variant of an alert, for the picture. */
export interface PictureVariant {
  /** For example `Before`. */
  name: string;
  threshold: number;
  forSeconds: number;
  result: Pick<BacktestResult, 'firings' | 'count'>;
}

export interface PictureOptions {
  title: string;
  /** What the curve is, with its unit: `p95 latency in seconds`. */
  valueName: string;
  /** What stands behind a threshold: ` s`. Default: nothing. */
  unit?: string;
  /** How values are compared with a threshold: `>`. */
  operator: string;
  /** The values that are compared; where there are several series, the worst is drawn. */
  series: readonly SteppedSeries[];
  evaluations: Evaluations;
  /** At most three. */
  variants: readonly PictureVariant[];
  /** Default: none. */
  incidents?: readonly KnownIncident[];
}

/** `> 2 s for 5m`. */
export const variantText = (
  { operator, unit = '' }: Pick<PictureOptions, 'operator' | 'unit'>,
  { threshold, forSeconds }: Pick<PictureVariant, 'threshold' | 'forSeconds'>,
): string => `${operator} ${threshold}${unit} for ${formatDuration(forSeconds)}`;

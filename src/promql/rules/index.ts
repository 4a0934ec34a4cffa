/**
 * One file for each kind of mistake.
 *
 * In: an analysed query.
 * Out: the mistakes of one kind each.
 * Must not know: files.
 *
 * @module
 */

import type { Rule } from '../analysis/query.js';
import { averagedQuantile } from './averaged-quantile.js';
import { countNeverZero, rateEquality, zeroAsDown } from './comparisons.js';
import { labelsDoNotMatch } from './label-match.js';
import { unknownLabel } from './labels.js';
import { leBoundary } from './le-boundary.js';
import { lifetimeRatio } from './lifetime-ratio.js';
import { unknownMetric, wrongSuffix } from './names.js';
import { perSecondRate } from './per-second-rate.js';
import { quantileThreshold } from './quantile-threshold.js';
import { quantilePerInstance, quantileRange, quantileWithoutLe } from './quantiles.js';
import { rateWindow } from './rate-window.js';
import { deltaOnCounter, rateOfGauge, rateOfSum } from './rates.js';
import { rawCounter } from './raw-counter.js';
import { selfRatio } from './self-ratio.js';
import { ratioWithoutTraffic } from './traffic.js';
import { unknownValue } from './unknown-value.js';

/** Every rule, names first: what follows believes them. */
export const rules: readonly Rule[] = [
  unknownMetric,
  wrongSuffix,
  unknownLabel,
  unknownValue,
  leBoundary,
  quantileWithoutLe,
  quantileRange,
  averagedQuantile,
  quantileThreshold,
  quantilePerInstance,
  selfRatio,
  labelsDoNotMatch,
  rateOfGauge,
  rateOfSum,
  deltaOnCounter,
  rawCounter,
  lifetimeRatio,
  perSecondRate,
  rateWindow,
  rateEquality,
  countNeverZero,
  zeroAsDown,
  ratioWithoutTraffic,
];

import type { Rule } from '../query.js';
import { leBoundary, quantileThreshold } from './buckets.js';
import { countNeverZero, rateEquality, zeroAsDown } from './comparisons.js';
import { unknownLabel, unknownMetric, unknownValue, wrongSuffix } from './names.js';
import { averagedQuantile, quantilePerInstance, quantileRange, quantileWithoutLe } from './quantiles.js';
import { deltaOnCounter, perSecondRate, rateOfGauge, rateOfSum, rateWindow } from './rates.js';
import { labelsDoNotMatch, ratioWithoutTraffic, selfRatio } from './ratios.js';
import { lifetimeRatio, rawCounter } from './since-start.js';

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

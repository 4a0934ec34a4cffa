import { evaluationsOf, type Past } from './backtest.js';
import { conditionOf, unfiltered } from './condition.js';
import { drawFirings, pictureDescription } from './picture.js';
import type { PictureOptions } from './picture-options.js';
import { queryRange } from './query-range.js';

type Given = Pick<PictureOptions, 'title' | 'valueName' | 'unit' | 'variants' | 'incidents'>;

/**
 * Draws what an alert's expression compares, and when variants of it fired.
 * @throws {CodedError} `ERR_EXPRESSION` where the expression has no threshold
 */
export async function drawCondition(
  expr: string,
  past: Past,
  given: Given,
): Promise<{ svg: string; description: string }> {
  const split = conditionOf(expr);
  const evaluations = evaluationsOf(past);
  const series = await queryRange(past.prometheus, unfiltered(split), evaluations);
  const options = { ...given, operator: split.operator, series, evaluations };
  return { svg: drawFirings(options), description: pictureDescription(options) };
}

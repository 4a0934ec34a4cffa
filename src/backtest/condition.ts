import { CodedError } from '../m2_3_monitoring/errors/index.js';
import type { PrometheusClient } from '../prometheus/client.js';
import { type ComparisonOperator, joinThreshold, parse, type SplitThreshold, splitThreshold } from '../promql/index.js';
import type { AlertTiming } from './alert-states.js';
import { type Evaluations, queryRange, type SteppedSeries } from './query-range.js';

const COMPARISONS: Record<ComparisonOperator, (value: number, threshold: number) => boolean> = {
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
  '==': (value, threshold) => value === threshold,
  '!=': (value, threshold) => value !== threshold,
};

/** Which of two values is worse to an alert's expression: the lower one where it looks for low ones. */
export const worseOf = (expr: string): ((a: number, b: number) => number) =>
  splitThreshold(expr)?.operator.startsWith('<') ? Math.min : Math.max;

/** An alert's expression taken apart. @throws {CodedError} `ERR_EXPRESSION` where it has no threshold to vary */
export function conditionOf(expr: string): SplitThreshold {
  const { problem } = parse(expr);
  if (problem) throw new CodedError(`this is no PromQL: ${problem.message}`, 'ERR_EXPRESSION');
  const split = splitThreshold(expr);
  if (split) return split;
  throw new CodedError(
    `the expression does not begin with a comparison such as "… > 2": there is no threshold to vary`,
    'ERR_EXPRESSION',
  );
}

/** All values of the left side; what follows the comparison, such as `and …`, holds for them. */
export const unfiltered = ({ left, rest }: SplitThreshold) => `(${left}\n)${rest}`;

/** Whether what follows the comparison only takes values away, so that it can be asked for before the threshold is applied. */
function onlyFilters(split: SplitThreshold): boolean {
  let node = parse(unfiltered(split)).root;
  while (node?.kind === 'binary' && /^(?:and|unless)$/.test(node.operator) && node.outer.from === 0) {
    if (node.left.outer.to === split.left.length + 3) return true;
    node = node.left;
  }
  return node?.outer.to === split.left.length + 3;
}

/** What an alert would see at a threshold. */
export type AtThreshold = (threshold: number) => Promise<{ series: SteppedSeries[]; timing: AlertTiming }>;

/** Asks Prometheus once for all thresholds where that is possible, else once for each. */
export async function prepareThresholds(
  prometheus: Pick<PrometheusClient, 'queryRange'>,
  split: SplitThreshold,
  evaluations: Evaluations,
): Promise<AtThreshold> {
  const worse = split.operator.startsWith('<') ? Math.min : Math.max;
  if (!onlyFilters(split)) {
    return async (threshold) => ({
      series: await queryRange(prometheus, joinThreshold({ ...split, threshold }), evaluations),
      timing: { worse },
    });
  }
  const series = await queryRange(prometheus, unfiltered(split), evaluations);
  const isTrueAt = COMPARISONS[split.operator];
  return async (threshold) => ({ series, timing: { worse, isTrue: (value) => isTrueAt(value, threshold) } });
}

import type { KnownMetric } from '../analysis/known-metrics.js';
import type { Problem, Query, Rule } from '../analysis/query.js';
import type { Call, Node } from '../syntax/ast.js';
import { constantOf, isComparison, thresholdOf } from '../syntax/constants.js';
import { isCall, selectorsIn } from '../syntax/nodes.js';

/** The quantile that a value is, and what it was multiplied with: milliseconds of seconds. */
function quantileIn(node: Node): { call: Call; factor: number } | undefined {
  if (isCall(node, 'histogram_quantile')) return { call: node, factor: 1 };
  if (node.kind === 'aggregation') return node.args[0] && quantileIn(node.args[0]);
  if (node.kind !== 'binary' || !/^[*/]$/.test(node.operator)) return undefined;
  const by = constantOf(node.right);
  const inner = by === undefined ? undefined : quantileIn(node.left);
  return inner && by ? { call: inner.call, factor: inner.factor * (node.operator === '*' ? by : 1 / by) } : undefined;
}

function histogramOf({ metrics }: Query, call: Call): KnownMetric | undefined {
  const found = selectorsIn(call).map(({ metric }) => metrics.find(metric ?? ''));
  return found.find((one) => one?.part === '_bucket')?.metric;
}

function thresholdProblem(
  name: string,
  buckets: readonly number[],
  operator: string,
  value: number,
): Omit<Problem, 'at'> | undefined {
  const highest = buckets.at(-1) ?? 0;
  const isOver = value > highest || (value === highest && operator === '>');
  if (isOver && /^[><]/.test(operator)) {
    return {
      wrong: `the highest finite bucket of ${name} is ${highest}, and no quantile is shown above it`,
      gives: operator.startsWith('>')
        ? 'a comparison that never holds, however high it gets'
        : 'a comparison that always holds',
      fix: `compare with less than ${highest}, or add a bucket above ${value}`,
      severity: 'error',
    };
  }
  if (value <= 0 || buckets.some((one) => Math.abs(one - value) < 1e-9 * Math.max(1, one))) return undefined;
  const above = buckets.find((one) => one > value);
  const below = buckets.filter((one) => one < value).at(-1) ?? 0;
  return {
    wrong: `${value} is no boundary of ${name}`,
    gives: `a value interpolated anywhere between ${below} and ${above}`,
    fix: `compare with ${below || above}${below ? ` or ${above}` : ''}, or add the boundary ${value}`,
  };
}

export const quantileThreshold: Rule = {
  id: 'quantile-threshold',
  severity: 'warning',
  *check(query) {
    for (const node of query.nodes.filter(isComparison)) {
      const threshold = thresholdOf(node);
      const quantile = threshold && quantileIn(threshold.of);
      const metric = quantile && histogramOf(query, quantile.call);
      if (!threshold || !quantile || !metric?.buckets) continue;
      const value = threshold.value / quantile.factor;
      const problem = thresholdProblem(metric.name, metric.buckets, threshold.operator, value);
      if (problem) yield { at: node, ...problem };
    }
  },
};

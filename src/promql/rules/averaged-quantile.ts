import type { Edit, Query, Rule } from '../analysis/query.js';
import type { Aggregation, Call, Node, Selector } from '../syntax/ast.js';
import { isCall, seriesArgument } from '../syntax/nodes.js';

/** The quantile that the values of a node are, directly or through a recording rule. */
function quantileBelow(query: Query, node: Node): Call | Selector | undefined {
  if (isCall(node, 'histogram_quantile')) return node;
  if (node.kind === 'subquery' || node.kind === 'range') return quantileBelow(query, node.of);
  const recorded = node.kind === 'selector' ? query.recordings.get(node.metric ?? '')?.root : undefined;
  return recorded && quantileBelow(query, recorded) && (node as Selector);
}

/** `avg(histogram_quantile(q, buckets))` as a quantile of summed buckets. */
function mergedFirst(query: Query, outer: Aggregation, call: Call): Edit[] | undefined {
  const [q, buckets] = call.args;
  if (!q || !buckets || (outer.grouping && !outer.grouping.by)) return undefined;
  const inner = buckets.kind === 'aggregation' ? seriesArgument(buckets) : buckets;
  if (!inner) return undefined;
  const labels = [...(outer.grouping?.labels ?? []), 'le'].join(', ');
  return [
    {
      from: outer.from,
      to: outer.to,
      text: `histogram_quantile(${query.text(q)}, sum by (${labels}) (${query.text(inner)}))`,
    },
  ];
}

const AVERAGES = /^(?:avg|sum|min|max|avg_over_time|sum_over_time)$/;

export const averagedQuantile: Rule = {
  id: 'averaged-quantile',
  severity: 'error',
  *check(query) {
    for (const node of query.nodes) {
      if ((node.kind !== 'aggregation' && node.kind !== 'call') || !AVERAGES.test(node.name)) continue;
      const argument = seriesArgument(node);
      const quantile = argument && quantileBelow(query, argument);
      if (!quantile) continue;
      const edits =
        node.kind === 'aggregation' && quantile.kind === 'call' ? mergedFirst(query, node, quantile) : undefined;
      const isExtreme = node.name === 'max' || node.name === 'min';
      yield {
        at: node,
        wrong: `${node.name} of quantiles is no quantile`,
        gives: isExtreme
          ? 'the quantile of one part of the calls, not that of all'
          : 'a number between the parts, however many calls each had',
        fix: 'sum the buckets first, by (le), then take the quantile',
        ...(edits && { edits }),
        ...(isExtreme && { severity: 'warning' as const }),
      };
    }
  },
};

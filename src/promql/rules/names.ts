import { nearest } from '../../cli/index.js';
import type { Problem, Query, Rule } from '../analysis/query.js';
import type { Node, Selector, Span } from '../syntax/ast.js';
import { selectorsIn } from '../syntax/nodes.js';

const OURS = /^rag_/;
const ALWAYS_THERE = /^(?:up|ALERTS|ALERTS_FOR_STATE|scrape_.*)$/;

/** The metric's name where it stands. */
function nameSpan({ expr }: Query, { metric = '', from, to }: Selector): Span {
  const start = expr.indexOf(metric, from);
  return start < 0 || start > to ? { from, to } : { from: start, to: start + metric.length };
}

function* unknownMetrics(query: Query): Generator<Problem> {
  for (const selector of selectorsIn(query.root)) {
    const { metric } = selector;
    if (metric === undefined || query.metrics.find(metric) || query.recordings.has(metric)) continue;
    const isChecked = OURS.test(metric) || query.metrics.isComplete;
    if (!isChecked || ALWAYS_THERE.test(metric) || metric.includes(':')) continue;
    const better = nearest(metric, [...query.metrics.seriesNames()]);
    yield {
      at: nameSpan(query, selector),
      wrong: `there is no metric ${metric}`,
      gives: 'no data',
      fix: better ? `${better} is there` : 'take a name that /metrics shows',
      ...(better && { edits: [{ ...nameSpan(query, selector), text: better }] }),
    };
  }
}

export const unknownMetric: Rule = { id: 'unknown-metric', severity: 'error', check: unknownMetrics };

export const wrongSuffix: Rule = {
  id: 'wrong-suffix',
  severity: 'error',
  *check(query) {
    for (const selector of selectorsIn(query.root)) {
      const found = query.metrics.find(selector.metric ?? '');
      if (found?.metric.type !== 'histogram' || found.part !== '') continue;
      const at = nameSpan(query, selector);
      const name = selector.metric;
      yield {
        at,
        wrong: `${name} is a histogram, which has no series of that name`,
        gives: 'no data',
        fix: `${name}_bucket for quantiles, ${name}_sum / ${name}_count for the mean, ${name}_count for how many`,
        ...(query.nodes.some(isQuantileCall) && { edits: [{ ...at, text: `${name}_bucket` }] }),
      };
    }
  },
};

const isQuantileCall = (node: Node) => node.kind === 'call' && node.name === 'histogram_quantile';

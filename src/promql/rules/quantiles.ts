import { labelsOf } from '../analysis/labels-of.js';
import type { Edit, Problem, Query, Rule } from '../analysis/query.js';
import { type Aggregation, type Call, type Node, walk } from '../syntax/ast.js';
import { constantOf } from '../syntax/constants.js';
import { isCall, selectorsIn } from '../syntax/nodes.js';
import { isVariableName } from '../syntax/reader.js';

const quantileCalls = ({ nodes }: Query) => nodes.filter((node): node is Call => isCall(node, 'histogram_quantile'));
const usesBuckets = (node: Node) => selectorsIn(node).some(({ metric }) => metric?.endsWith('_bucket'));

/** The outermost aggregation that drops `le`. */
function dropsLe(query: Query, node: Node): Aggregation | undefined {
  const found = [...walk(node)].filter((one): one is Aggregation => one.kind === 'aggregation');
  return found.find((one) => {
    const labels = labelsOf(query, one);
    return labels && !labels.has('le');
  });
}

function keepLe(node: Aggregation): Edit {
  const { grouping, nameSpan } = node;
  if (!grouping) return { from: nameSpan.to, to: nameSpan.to, text: ' by (le) ' };
  const { from, to, by, labels } = grouping;
  const kept = by ? [...labels, 'le'] : labels.filter((label) => label !== 'le');
  return { from, to, text: `${by ? 'by' : 'without'} (${kept.join(', ')})` };
}

export const quantileWithoutLe: Rule = {
  id: 'quantile-without-le',
  severity: 'error',
  *check(query) {
    for (const call of quantileCalls(query)) {
      const [, buckets] = call.args;
      const labels = buckets && labelsOf(query, buckets);
      if (!buckets || !labels || labels.has('le') || [...labels].some(isVariableName)) continue;
      const dropping = usesBuckets(buckets) ? dropsLe(query, buckets) : undefined;
      yield {
        at: dropping ?? buckets,
        wrong: dropping
          ? `${dropping.name} drops le, which is what distinguishes the buckets`
          : 'a quantile is taken of series without buckets',
        gives: 'no data',
        fix: dropping ? 'keep le: sum by (le, …)' : 'take the series that end in _bucket, and keep le',
        ...(dropping && { edits: [keepLe(dropping)] }),
      };
    }
  },
};

export const quantileRange: Rule = {
  id: 'quantile-range',
  severity: 'error',
  *check(query) {
    for (const call of quantileCalls(query)) {
      const [q] = call.args;
      const value = q && constantOf(q);
      if (!q || value === undefined || (value >= 0 && value <= 1)) continue;
      const isPercent = value > 1 && value <= 100;
      yield {
        at: q,
        wrong: `${value} is no quantile: they go from 0 to 1`,
        gives: value > 1 ? '+Inf' : '-Inf',
        fix: isPercent ? String(value / 100) : 'a number from 0 to 1',
        ...(isPercent && { edits: [{ ...q.outer, text: String(value / 100) }] }),
      };
    }
  },
};

export const quantilePerInstance: Rule = {
  id: 'quantile-per-instance',
  severity: 'warning',
  *check(query): Generator<Problem> {
    if (!query.isAlert) return;
    for (const { args } of quantileCalls(query)) {
      const [, buckets] = args;
      if (!buckets || !usesBuckets(buckets) || [...walk(buckets)].some(({ kind }) => kind === 'aggregation')) continue;
      const labels = [...(labelsOf(query, buckets) ?? ['le'])].filter(
        (label) => label !== 'instance' && label !== 'le',
      );
      const others = labels.filter((label) => label !== 'job');
      yield {
        at: buckets,
        wrong: 'the buckets of the instances are not summed',
        gives: `a quantile of each instance${others.length > 0 ? ` and ${others.join(', ')}` : ''} alone, and none across a restart under another name`,
        fix: 'sum the buckets over the instances first',
        edits: [{ ...buckets.outer, text: `sum by (${[...labels, 'le'].join(', ')}) (${query.text(buckets)})` }],
      };
    }
  },
};

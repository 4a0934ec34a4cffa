import type { Node, Selector } from '../syntax/ast.js';
import { KEEPS_SERIES, RATES, seriesArgument } from '../syntax/nodes.js';
import type { Query } from './query.js';

/** What the values are: a count since a process started, a sum of several such counts, or a value of the moment. */
export type Kind = 'counter' | 'sum of counters' | 'gauge';

function kindOfSelector(query: Query, { metric }: Selector): Kind | undefined {
  if (metric === undefined) return undefined;
  const recording = query.recordings.get(metric);
  if (recording) return kindOf(query, recording.root);
  const known = query.metrics.find(metric);
  if (!known) return /_total$/.test(metric) ? 'counter' : undefined;
  if (known.part !== '' || known.metric.type === 'counter') return 'counter';
  return known.metric.type === 'gauge' ? 'gauge' : undefined;
}

const AGGREGATES = /^(?:sum|avg|min|max|quantile)$/;

/** Undefined where that is not known. */
export function kindOf(query: Query, node: Node): Kind | undefined {
  switch (node.kind) {
    case 'selector':
      return kindOfSelector(query, node);
    case 'range':
    case 'subquery':
      return kindOf(query, node.of);
    case 'call':
      return RATES.test(node.name) || /^histogram_/.test(node.name) ? 'gauge' : undefined;
    case 'aggregation': {
      const argument = seriesArgument(node);
      const before = argument && kindOf(query, argument);
      if (KEEPS_SERIES.test(node.name)) return before;
      return before === 'gauge' || !AGGREGATES.test(node.name) ? 'gauge' : before && 'sum of counters';
    }
    case 'binary': {
      const kinds = [node.left, node.right].map((side) => kindOf(query, side));
      if (kinds.includes('gauge')) return 'gauge';
      return node.operator === '+' && kinds.every((kind) => kind !== undefined) ? 'sum of counters' : undefined;
    }
    default:
      return undefined;
  }
}

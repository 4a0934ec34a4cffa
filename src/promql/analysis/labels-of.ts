import type { Aggregation, Binary, Call, Node, Selector } from '../syntax/ast.js';
import { isScalar, KEEPS_SERIES, seriesArgument } from '../syntax/nodes.js';
import { isVariableName } from '../syntax/reader.js';
import type { Query } from './query.js';

type Labels = ReadonlySet<string> | undefined;
const minus = (labels: Labels, less: Iterable<string>): Labels => {
  const gone = new Set(less);
  return labels && new Set([...labels].filter((label) => !gone.has(label)));
};
const plus = (labels: Labels, more: Iterable<string>): Labels => labels && new Set([...labels, ...more]);

function labelsOfSelector(query: Query, { metric, isVariable }: Selector): Labels {
  const recording = metric === undefined ? undefined : query.recordings.get(metric);
  if (recording) return recording.addsLabels ? undefined : labelsOf(query, recording.root);
  const known = metric === undefined || isVariable ? undefined : query.metrics.find(metric);
  if (!known?.metric.labels) return undefined;
  return new Set([...query.targetLabels, ...known.metric.labels, ...(known.part === '_bucket' ? ['le'] : [])]);
}

function labelsOfAggregation(query: Query, node: Aggregation): Labels {
  const { name, grouping } = node;
  const argument = seriesArgument(node);
  const before = argument && labelsOf(query, argument);
  if (KEEPS_SERIES.test(name)) return before;
  if (name === 'count_values' || grouping?.labels.some(isVariableName)) return undefined;
  if (!grouping) return new Set();
  if (!grouping.by) return minus(before, grouping.labels);
  return new Set(grouping.labels.filter((label) => before?.has(label) ?? true));
}

function labelsOfCall(query: Query, node: Call): Labels {
  const argument = seriesArgument(node);
  const before = argument && labelsOf(query, argument);
  if (node.name === 'vector') return new Set();
  if (/^(?:absent|absent_over_time|info)$/.test(node.name)) return undefined;
  if (/^histogram_/.test(node.name)) return minus(before, ['le']);
  const [, added] = node.args;
  return /^label_/.test(node.name) ? plus(before, added?.kind === 'text' ? [added.value] : []) : before;
}

function labelsOfBinary(query: Query, { operator, left, right, matching, group }: Binary): Labels {
  const [ofLeft, ofRight] = [labelsOf(query, left), labelsOf(query, right)];
  if (isScalar(right) || operator === 'and' || operator === 'unless') return ofLeft;
  if (isScalar(left)) return ofRight;
  if (operator === 'or') return ofLeft && ofRight && sameLabels(ofLeft, ofRight) ? ofLeft : undefined;
  if (group) return plus(group.many === 'left' ? ofLeft : ofRight, group.include);
  if (!matching) return ofLeft ?? ofRight;
  return matching.on ? new Set(matching.labels) : minus(ofLeft, matching.labels);
}

/** The labels that the series of a node can have; undefined where that is not known. */
export function labelsOf(query: Query, node: Node): Labels {
  switch (node.kind) {
    case 'selector':
      return labelsOfSelector(query, node);
    case 'range':
    case 'subquery':
    case 'unary':
      return labelsOf(query, node.of);
    case 'call':
      return labelsOfCall(query, node);
    case 'aggregation':
      return labelsOfAggregation(query, node);
    case 'binary':
      return labelsOfBinary(query, node);
    default:
      return undefined;
  }
}

export const sameLabels = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size === b.size && [...a].every((label) => b.has(label));

/** Whether series keep a label on their way out of a node, where its selectors have it. */
export function keepsLabel(node: Node, label: string): boolean {
  switch (node.kind) {
    case 'selector':
      return true;
    case 'range':
    case 'subquery':
    case 'unary':
      return keepsLabel(node.of, label);
    case 'aggregation': {
      const argument = seriesArgument(node);
      const kept =
        KEEPS_SERIES.test(node.name) || (node.grouping && node.grouping.by === node.grouping.labels.includes(label));
      return Boolean(kept && argument && keepsLabel(argument, label));
    }
    case 'call': {
      const argument = seriesArgument(node);
      return argument !== undefined && keepsLabel(argument, label);
    }
    case 'binary':
      return [node.left, node.right].filter((side) => !isScalar(side)).every((side) => keepsLabel(side, label));
    default:
      return false;
  }
}

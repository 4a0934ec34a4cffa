import type { Problem, Query, Rule } from '../analysis/query.js';
import { type Aggregation, type Binary, type Call, isSelector, type Node, walk } from '../syntax/ast.js';
import { type Threshold, thresholdOf } from '../syntax/constants.js';
import { isCall, RATES } from '../syntax/nodes.js';

interface Compared {
  node: Binary;
  threshold: Threshold;
}

function* comparisons({ nodes }: Query): Generator<Compared> {
  for (const node of nodes) {
    const threshold = thresholdOf(node);
    if (threshold && node.kind === 'binary') yield { node, threshold };
  }
}

const meansNothing = ({ operator, value }: Threshold) =>
  (operator === '==' && value === 0) ||
  (operator === '<=' && value === 0) ||
  (operator === '<' && value > 0 && value <= 1);

/** Whether another condition stands beside a comparison: it then asks for something else than whether the target is there. */
const isConditioned = ({ nodes }: Query, { from, to }: Binary) =>
  nodes.some(
    (one) => one.kind === 'binary' && /^(?:and|unless)$/.test(one.operator) && one.from <= from && one.to >= to,
  );

/** Whether the expression itself thinks of a target that is gone. */
const thinksOfAbsence = ({ nodes }: Query) =>
  nodes.some(
    (node) =>
      isCall(node, /^(?:absent|absent_over_time|vector)$/) || (node.kind === 'selector' && node.metric === 'up'),
  );

export const zeroAsDown: Rule = {
  id: 'zero-as-down',
  severity: 'warning',
  *check(query): Generator<Problem> {
    if (!query.isAlert || thinksOfAbsence(query)) return;
    for (const { node, threshold } of comparisons(query)) {
      if (isConditioned(query, node) || threshold.value !== 0 || !/^(?:==|<=)$/.test(threshold.operator)) continue;
      if (![...walk(threshold.of)].some((one) => isCall(one, RATES))) continue;
      const selector = [...walk(threshold.of)].find(isSelector);
      const absent = selector && `(${query.text(node)}) or absent(${query.text(selector)})`;
      yield {
        at: node,
        wrong: 'a target that is gone has no rate, not the rate 0',
        gives: 'no data, and so silence, when the target is down',
        fix: 'ask for up == 0 and for absent(up) too, or at least for absent() of the counter',
        ...(absent && selector.modifier === '' && { edits: [{ ...node.outer, text: absent }] }),
      };
    }
  },
};

/** What says the same and holds when there is nothing. */
function absentInstead(query: Query, { node, threshold }: Compared, { args, grouping }: Aggregation) {
  const [argument] = args;
  if (grouping || !argument) return undefined;
  if (argument.kind === 'selector') return [{ ...node.outer, text: `absent(${query.text(argument)})` }];
  return [{ ...threshold.of.outer, text: `(${query.text(threshold.of)} or vector(0))` }];
}

export const countNeverZero: Rule = {
  id: 'count-never-zero',
  severity: 'error',
  *check(query) {
    for (const compared of comparisons(query)) {
      const { of } = compared.threshold;
      if (of.kind !== 'aggregation' || of.name !== 'count' || !meansNothing(compared.threshold)) continue;
      const edits = absentInstead(query, compared, of);
      yield {
        at: compared.node,
        wrong: 'count() of nothing is no data, never 0',
        gives: 'no data, and so silence',
        fix: 'absent(…), or (count(…) or vector(0)) == 0',
        ...(edits && { edits }),
      };
    }
  },
};

/** The rate that is the value of a node, not rounded. */
function rateOf(node: Node): Call | undefined {
  if (isCall(node, RATES)) return node;
  if (node.kind === 'aggregation' && /^(?:sum|avg|min|max)$/.test(node.name))
    return node.args[0] && rateOf(node.args[0]);
  return node.kind === 'binary' && /^[-+*]$/.test(node.operator)
    ? (rateOf(node.left) ?? rateOf(node.right))
    : undefined;
}

export const rateEquality: Rule = {
  id: 'rate-equality',
  severity: 'error',
  *check(query) {
    for (const { node, threshold } of comparisons(query)) {
      const { of, operator, value } = threshold;
      const rate = /^[!=]=$/.test(operator) && value !== 0 ? rateOf(of) : undefined;
      if (!rate) continue;
      yield {
        at: node,
        wrong: `${rate.name}() is extrapolated to the edges of its window, and no whole number`,
        gives: operator === '==' ? 'a comparison that hardly ever holds' : 'a comparison that nearly always holds',
        fix: operator === '==' ? 'compare with >= or with a range' : 'compare with < or >',
        ...(operator === '==' && { edits: [{ from: node.operatorSpan.from, to: node.operatorSpan.to, text: '>=' }] }),
      };
    }
  },
};

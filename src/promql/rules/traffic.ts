import { applyEdits, type Problem, type Query, type Rule } from '../analysis/query.js';
import { type Binary, type Call, type Node, walk } from '../syntax/ast.js';
import { isComparison, thresholdOf } from '../syntax/constants.js';
import { isCall, RATES, selectorsIn } from '../syntax/nodes.js';

const countsIn = (node: Node) => [...walk(node)].some((one) => isCall(one, RATES));
/** Something measured by how often it was: `…_sum / …_count`, `…_seconds_total / …_total`. */
const MEASURED = /(?:_sum|_(?:seconds|milliseconds|ms|bytes|tokens|usd)(?:_total)?)$/;
const isMean = ({ left, right }: Binary) => {
  const areMeasured = (side: Node) => selectorsIn(side).map(({ metric = '' }) => MEASURED.test(metric));
  return areMeasured(left).every(Boolean) && !areMeasured(right).some(Boolean);
};
const isShare = (node: Node): node is Binary =>
  node.kind === 'binary' && node.operator === '/' && countsIn(node.left) && countsIn(node.right) && !isMean(node);

/** Whether a part of the expression asks for a minimum of something that is no share. */
function asksForTraffic({ nodes }: Query): boolean {
  return nodes.some((node) => {
    const threshold = thresholdOf(node);
    const isMinimum = threshold && /^>/.test(threshold.operator) && threshold.value > 0;
    const isUnless = nodes.some((one) => one.kind === 'binary' && one.operator === 'unless' && one.right === node);
    const excludes = threshold && isUnless && /^</.test(threshold.operator) && threshold.value > 0;
    return threshold && (isMinimum || excludes) && ![...walk(threshold.of)].some(isShare);
  });
}

/** The requests of the window: the denominator, counted instead of per second, and without a guard such as `> 0`. */
function trafficOf(query: Query, { right }: Binary): string {
  const whole = thresholdOf(right)?.of ?? right;
  const rates = [...walk(whole)].filter((one): one is Call => isCall(one, RATES));
  return applyEdits(
    query.text(whole),
    rates.map(({ nameSpan: { from, to } }) => ({
      from: from - whole.outer.from,
      to: to - whole.outer.from,
      text: 'increase',
    })),
  );
}

const isAndChain = (node: Node): boolean =>
  isComparison(node) ||
  (node.kind === 'binary' && node.operator === 'and' && isAndChain(node.left) && isAndChain(node.right));

export const ratioWithoutTraffic: Rule = {
  id: 'ratio-without-traffic',
  severity: 'warning',
  *check(query): Generator<Problem> {
    if (!query.isAlert || asksForTraffic(query)) return;
    for (const node of query.nodes) {
      const threshold = thresholdOf(node);
      const share = threshold && [...walk(threshold.of)].find(isShare);
      if (!share) continue;
      const end = query.root.outer.to;
      const minimum = `\nand ${trafficOf(query, share)} >= 10`;
      yield {
        at: share,
        wrong: 'the share is taken however few requests there are',
        gives: '100 % or 0 % from a single request',
        fix: 'ask for a minimum of requests too',
        ...(isAndChain(query.root) && !share.matching && { edits: [{ from: end, to: end, text: minimum }] }),
      };
      return;
    }
  },
};

import type { Problem, Query, Rule } from '../analysis/query.js';
import type { Call, Node, Range } from '../syntax/ast.js';
import { isCall } from '../syntax/nodes.js';
import { renamed } from './windowed.js';

/** Factors of a product, `a * b * c`; a divisor is none. */
function factorsOf(node: Node): Node[] {
  if (node.kind !== 'binary' || !/^[*/]$/.test(node.operator)) return [node];
  return node.operator === '*' ? [...factorsOf(node.left), ...factorsOf(node.right)] : factorsOf(node.left);
}

/** The rate that a value is, through sums. */
function rateIn(node: Node): Call | undefined {
  if (isCall(node, /^i?rate$/)) return node;
  return node.kind === 'aggregation' && /^(?:sum|avg|max|min)$/.test(node.name) && node.args[0]
    ? rateIn(node.args[0])
    : undefined;
}

const PER_DAY = 86_400;
/** What people multiply with who take a rate for one per hour, per minute or per day: the seconds that they mean. */
const MEANT_SECONDS: Record<number, number> = {
  24: PER_DAY,
  168: 7 * PER_DAY,
  720: 30 * PER_DAY,
  730: 30.4167 * PER_DAY,
  744: 31 * PER_DAY,
  8760: 365 * PER_DAY,
  1440: PER_DAY,
  30: 30 * PER_DAY,
  31: 31 * PER_DAY,
  365: 365 * PER_DAY,
};

export const perSecondRate: Rule = {
  id: 'per-second-rate',
  severity: 'error',
  *check(query) {
    const inner = new Set(query.nodes.flatMap((node) => (node.kind === 'binary' ? [node.left, node.right] : [])));
    for (const node of query.nodes) {
      // The whole product, not a part of it.
      if (node.kind !== 'binary' || node.operator !== '*' || isPartOfProduct(query, node, inner)) continue;
      const factors = factorsOf(node);
      const rates = factors.map(rateIn).filter((one) => one !== undefined);
      const numbers = factors.filter((one) => one.kind === 'number');
      const times = numbers
        .map((one) => (one.kind === 'number' ? one.value : 1))
        .filter((value) => Number.isInteger(value));
      const product = times.reduce((a, b) => a * b, 1);
      const seconds = MEANT_SECONDS[product];
      const [rate] = rates;
      if (rates.length !== 1 || !rate || !seconds) continue;
      yield perSecondProblem(node, rate, numbers, product, seconds);
    }
  },
};

const isPartOfProduct = ({ nodes }: Query, node: Node, inner: ReadonlySet<Node>) =>
  inner.has(node) &&
  nodes.some((one) => one.kind === 'binary' && one.operator === '*' && (one.left === node || one.right === node));

function perSecondProblem(node: Node, rate: Call, numbers: Node[], product: number, seconds: number): Problem {
  const over = rate.args.find((one): one is Range => one.kind === 'range');
  const [only] = numbers;
  // An hour's increase times 24 says more to a reader than a rate times 86400.
  const hourly = product % 24 === 0 && over?.seconds === 3600 && product * 3600 === seconds;
  const edits = hourly
    ? [renamed(rate, 'increase')]
    : numbers.length === 1 && only
      ? [{ ...only.outer, text: String(Math.round(seconds)) }]
      : undefined;
  const factor = Math.round(seconds / product);
  const days = Math.round(seconds / PER_DAY);
  const period = days === 1 ? 'a day has' : `${days} days have`;
  return {
    at: node,
    wrong: `${rate.name}() is per second, whatever its window, and ${period} ${Math.round(seconds)} seconds, not ${product}`,
    gives: `a value ${factor} times too small`,
    fix: hourly ? `increase() over an hour times ${product}` : `times ${Math.round(seconds)}`,
    ...(edits && { edits }),
  };
}

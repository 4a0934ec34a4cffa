import { type Aggregation, type Call, isSelector, type Node, type Selector, walk } from './ast.js';
import { constantOf } from './constants.js';

export const RATES = /^(?:rate|irate|increase)$/;
export const KEEPS_SERIES = /^(?:topk|bottomk|limitk|limit_ratio)$/;
const NO_SERIES = /^(?:scalar|time|pi)$/;

export const isCall = (node: Node | undefined, name: RegExp | string): node is Call =>
  node?.kind === 'call' && (typeof name === 'string' ? node.name === name : name.test(node.name));

export const isScalar = (node: Node): boolean =>
  constantOf(node) !== undefined ||
  isCall(node, NO_SERIES) ||
  (node.kind === 'binary' && isScalar(node.left) && isScalar(node.right));

/** The argument that a function or aggregation takes its series from. */
export const seriesArgument = ({ args }: Call | Aggregation): Node | undefined =>
  args.find((one) => one.kind !== 'text' && !isScalar(one)) ?? args[0];

export const selectorsIn = (node: Node): Selector[] => [...walk(node)].filter(isSelector);

/** Whether a regular expression of Prometheus, which is anchored, matches; true where JavaScript cannot read it. */
export function matchesText(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(text);
  } catch {
    return true;
  }
}

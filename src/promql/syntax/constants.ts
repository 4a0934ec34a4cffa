import type { Binary, Node } from './ast.js';

const COMPUTE: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
};

/** The value of a number, also of `-1` and `60 * 60`; undefined for all else. */
export function constantOf(node: Node): number | undefined {
  if (node.kind === 'number') return node.value;
  if (node.kind === 'unary') {
    const value = constantOf(node.of);
    return value === undefined || node.operator === '+' ? value : -value;
  }
  if (node.kind !== 'binary') return undefined;
  const [left, right] = [constantOf(node.left), constantOf(node.right)];
  return left === undefined || right === undefined ? undefined : COMPUTE[node.operator]?.(left, right);
}

const MIRRORED = { '>': '<', '<': '>', '>=': '<=', '<=': '>=', '==': '==', '!=': '!=' } as const;
export type ComparisonOperator = keyof typeof MIRRORED;

export const isComparison = (node: Node): node is Binary & { operator: ComparisonOperator } =>
  node.kind === 'binary' && node.operator in MIRRORED;

/** A comparison of series with a number, the series on the left: `2 < x` is `x > 2`. */
export interface Threshold {
  of: Node;
  operator: ComparisonOperator;
  value: number;
}

/** The comparison of series with a number that a node is; undefined where it is none. */
export function thresholdOf(node: Node): Threshold | undefined {
  if (!isComparison(node)) return undefined;
  const { operator } = node;
  const [left, right] = [constantOf(node.left), constantOf(node.right)];
  if (left === undefined && right !== undefined) return { of: node.left, operator, value: right };
  if (left !== undefined && right === undefined) return { of: node.right, operator: MIRRORED[operator], value: left };
  return undefined;
}

import type { Binary, Node } from './ast.js';
import { type ComparisonOperator, thresholdOf } from './constants.js';
import { parse } from './parse.js';
import { shapeOf } from './shape.js';

/** An alert's expression, taken apart at its threshold: `left operator threshold rest` is the expression again. */
export interface SplitThreshold {
  left: string;
  operator: ComparisonOperator;
  threshold: number;
  /** What follows, such as `and …`; empty where nothing does. */
  rest: string;
}

/** The comparison that an expression begins with. */
function firstComparison(node: Node): Binary | undefined {
  if (node.kind !== 'binary') return undefined;
  if (/^(?:and|or|unless)$/.test(node.operator)) return firstComparison(node.left);
  return !node.bool && thresholdOf(node) ? node : undefined;
}

const shape = (expr: string) => shapeOf(parse(expr).root);

/**
 * Takes an alert's expression apart at its first comparison of series with a number, also within parentheses and before
 * `and`, `or`, `unless`. `2 < x` is given as `x > 2`. Undefined where it begins with none, or is no PromQL.
 * @example splitThreshold('A > 2\nand B >= 10') // { left: 'A', operator: '>', threshold: 2, rest: '\nand B >= 10' }
 */
export function splitThreshold(expr: string): SplitThreshold | undefined {
  const { root } = parse(expr);
  const comparison = root && firstComparison(root);
  const threshold = comparison && thresholdOf(comparison);
  if (!comparison || !threshold) return undefined;
  const { of, operator, value } = threshold;
  const left = expr.slice(of.outer.from, of.outer.to);
  // Brackets around the comparison go; those that close behind it have lost what opened them.
  const rest = withoutStrayBrackets(expr.slice(comparison.outer.to));
  const split = { left, operator, threshold: value, rest };
  const canonical = `${expr.slice(0, comparison.outer.from)}${left} ${operator} ${value}${expr.slice(comparison.outer.to)}`;
  return shape(joinThreshold(split)) === shape(canonical) ? split : undefined;
}

/** The expression again. */
export const joinThreshold = ({ left, operator, threshold, rest }: SplitThreshold): string =>
  `${left} ${operator} ${threshold}${rest}`;

function withoutStrayBrackets(text: string): string {
  let depth = 0;
  return text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|[()]/g, (token) => {
    if (token === '(') depth++;
    if (token !== ')' || depth-- > 0) return token;
    depth = 0;
    return '';
  });
}

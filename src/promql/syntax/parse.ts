/**
 * Parsing PromQL with Prometheus' own grammar.
 *
 * In: the text of a query.
 * Out: a syntax tree, or where and why it is wrong.
 * Must not know: metrics.
 *
 * @module
 */

import type { Node, Span } from './ast.js';
import { convert } from './convert.js';
import { replaceVariables } from './grafana-variables.js';
import { parser, type Tree } from './grammar.js';
import { maskModifiers } from './modifiers.js';
import { Reader, type Source } from './reader.js';
import { describeError, findMisuse } from './syntax-errors.js';
import type { SyntaxProblem } from './syntax-problem.js';
/** An expression as a tree, or why it is none. Variables of Grafana are fine; positions are those of the text given. */
export type Parsed = { root: Node; problem?: undefined } | { root?: undefined; problem: SyntaxProblem };

function firstError(tree: Tree): Span | undefined {
  let found: Span | undefined;
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) found ??= { from, to };
      return found === undefined;
    },
  });
  return found;
}

/** Reads PromQL with Prometheus' own grammar. */
export function parse(expr: string): Parsed {
  const { text: named, variables } = replaceVariables(expr);
  const { text, spans: modifiers } = maskModifiers(named);
  const source: Source = { original: expr, text, variables, modifiers };
  const tree = parser.parse(text);
  const error = firstError(tree);
  if (error) return { problem: describeError(source, error) };
  const reader = new Reader(source);
  const top = tree.topNode.getChildren('Expr')[0];
  if (!top) return { problem: { from: 0, to: expr.length, message: 'there is no expression' } };
  const root = convert(reader, top);
  const problem = findMisuse(source, root, reader.placed);
  return problem ? { problem } : { root };
}

/** Line and column, from 1, of an offset in a text. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

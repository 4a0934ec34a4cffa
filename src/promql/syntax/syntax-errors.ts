// Not by the index of that room, which cannot be bundled for a browser.
import { nearest } from '../../cli/nearest-name.js';
import { type Binary, type Matcher, type Node, type Span, type Subquery, walk } from './ast.js';
import { isComparison } from './constants.js';
import { misuseOfArguments } from './function-signatures.js';
import { parser } from './grammar.js';
import { isScalar, matchesText } from './nodes.js';
import type { Source } from './reader.js';
import type { SyntaxProblem } from './syntax-problem.js';

const FUNCTIONS = parser.nodeSet.types
  .map(({ name }) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase())
  .filter((name) => parser.parse(`${name}()`).topNode.getChild('FunctionCall') !== null);

/** The innermost bracket that stays open. */
function unclosed(text: string): string | undefined {
  const open: string[] = [];
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|[()[\]{}]/g)) {
    if ('([{'.includes(token)) open.push(token);
    else if (')]}'.includes(token)) open.pop();
  }
  return open.at(-1);
}

const CLOSES: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

/** A readable line on the first thing that the grammar does not take. */
export function describeError({ original, text }: Source, { from }: Span): SyntaxProblem {
  const start = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
  const token = /^(?:"[^"]*"?|[\w:.]+|[=!<>~]+|\S)/.exec(original.slice(start))?.[0];
  const span = { from: start, to: start + (token?.length ?? 0) };
  if (original.trim() === '') return { ...span, message: 'there is no expression' };
  if (token === undefined) {
    const open = unclosed(text);
    const missing = open ? `"${CLOSES[open]}" is missing` : 'something is missing after it';
    return { from: original.length, to: original.length, message: `the expression ends too early: ${missing}` };
  }
  const called = token === '(' && /[A-Za-z_]\w*\s*$/.exec(text.slice(0, start))?.[0].trim();
  if (!called) return { ...span, message: `${JSON.stringify(token)} is not expected here` };
  const better = nearest(called, FUNCTIONS);
  const name = { from: start - called.length, to: start };
  return { ...name, message: `there is no function ${called}()${better ? `: is it ${better}()?` : ''}` };
}

const isRange = ({ kind }: Node) => kind === 'range' || kind === 'subquery';

function misuseOfOperator(node: Binary): string | undefined {
  const { operator, left, right, bool, matching, group } = node;
  const isSet = /^(?:and|or|unless)$/.test(operator);
  const hasNumber = isScalar(left) || isScalar(right);
  if (isRange(left) || isRange(right)) return `"${operator}" takes no window: put rate() or another function around it`;
  if (left.kind === 'text' || right.kind === 'text') return `"${operator}" takes no text`;
  if (isSet && hasNumber) return `"${operator}" takes series: a number is made one by vector()`;
  if (isSet && group) return `"${operator}" takes no group_${group.many}`;
  if (matching && hasNumber) return 'a number has no labels to match: leave on () or ignoring () out';
  if (bool && !isComparison(node)) return `bool belongs to a comparison, not to "${operator}"`;
  if (isComparison(node) && !bool && isScalar(left) && isScalar(right))
    return `"${operator}" of two numbers needs bool`;
  const twice = matching?.on ? group?.include.find((label) => matching.labels.includes(label)) : undefined;
  return twice ? `the label ${twice} is in on () already: leave it out of group_${group?.many} ()` : undefined;
}

function misuseOfSubquery({ of }: Subquery): string | undefined {
  if (isScalar(of) || isRange(of) || of.kind === 'text') return 'a subquery is of series';
  // The grammar takes all before the bracket, Prometheus the last operand alone.
  const isBare = of.outer.from === of.from && (of.kind === 'binary' || of.kind === 'unary');
  return isBare ? 'a subquery of more than one operand needs parentheses: (a + b)[1h:5m]' : undefined;
}

/** A matcher that a series without the label does not pass. */
const narrows = ({ operator, value, isVariable }: Matcher) =>
  isVariable || (operator.includes('~') ? matchesText(value, '') : value === '') === operator.startsWith('!');

/** What the grammar takes and Prometheus does not: a window where none belongs, and the reverse. */
function misuseOf(node: Node): string | undefined {
  switch (node.kind) {
    case 'call':
    case 'aggregation':
      return misuseOfArguments(node);
    case 'binary':
      return misuseOfOperator(node);
    case 'unary':
      return isRange(node.of) || node.of.kind === 'text' ? `"${node.operator}" takes series or a number` : undefined;
    case 'subquery':
      return misuseOfSubquery(node);
    case 'range':
      return node.of.kind === 'selector'
        ? undefined
        : 'only a selector can have a window; a subquery is written [1h:5m]';
    case 'selector':
      return node.metric === undefined && !node.isVariable && !node.matchers.some(narrows)
        ? 'the selector matches everything: it needs a metric, or a matcher that is not empty'
        : undefined;
    default:
      return undefined;
  }
}

/** The first thing that Prometheus refuses although the grammar took it. */
export function findMisuse(source: Source, root: Node, placed: ReadonlySet<Span>): SyntaxProblem | undefined {
  for (const node of walk(root)) {
    const message = misuseOf(node);
    if (message) return { from: node.from, to: node.to, message };
  }
  const stray = source.modifiers.find((one) => !placed.has(one));
  if (stray) return { ...stray, message: '"offset" and "@" belong right behind a selector or its window' };
  return undefined;
}

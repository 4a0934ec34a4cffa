import { nearest } from './nearest.js';
import type { SyntaxProblem } from './parse.js';
import type { Source } from './reader.js';
import { type Node, type Span, walk } from './syntax.js';
import { parser } from './tree.js';

const FUNCTIONS = parser.nodeSet.types
  .map(({ name }) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase())
  .filter((name) => parser.parse(`${name}()`).topNode.getChild('FunctionCall') !== null);

/** Where brackets stay open: the first that nobody closes. */
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

const TAKES_RANGE =
  /_over_time$|^(?:rate|irate|increase|delta|idelta|deriv|resets|changes|predict_linear|double_exponential_smoothing)$/;
const isRange = (node: Node | undefined) => node?.kind === 'range' || node?.kind === 'subquery';

/** What the grammar takes and Prometheus does not: a window where none belongs, and the reverse. */
function misuseOf(node: Node): string | undefined {
  if (node.kind === 'call' && TAKES_RANGE.test(node.name)) {
    if (!node.args.some(isRange)) return `${node.name}() needs a window, such as [5m], behind the selector`;
  } else if (node.kind === 'call' || node.kind === 'aggregation') {
    if (node.args.some(isRange))
      return `${node.name}() takes no window: put rate() or another function around the selector`;
  } else if (node.kind === 'binary') {
    if (isRange(node.left) || isRange(node.right))
      return `"${node.operator}" takes no window: put rate() or another function around it`;
  } else if (node.kind === 'range' && node.of.kind !== 'selector') {
    return 'only a selector can have a window; a subquery is written [1h:5m]';
  } else if (node.kind === 'selector' && node.metric === undefined && !node.isVariable && matchesAll(node)) {
    return 'the selector matches everything: it needs a metric, or a matcher that is not empty';
  }
  return undefined;
}

const matchesAll = ({ matchers }: Extract<Node, { kind: 'selector' }>) =>
  matchers.every(({ operator, value, isVariable }) => !isVariable && operator === '=' && value === '');

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

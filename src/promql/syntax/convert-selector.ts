import type { Matcher, Selector, Span } from './ast.js';
import { VARIABLE } from './grafana-variables.js';
import { childOf, childrenOf, type SyntaxNode, toSeconds, unquote } from './grammar.js';
import type { Reader } from './reader.js';

function convertMatcher(reader: Reader, node: SyntaxNode): Matcher {
  const label = reader.text(node.firstChild ?? undefined);
  const text = reader.text(childOf(node, 'StringLiteral'));
  return {
    label: /^["'`]/.test(label) ? unquote(label) : label,
    operator: reader.text(childOf(node, 'MatchOp')) as Matcher['operator'],
    value: unquote(text),
    isVariable: VARIABLE.test(text),
    from: node.from,
    to: node.to,
  };
}

export function convertSelector(reader: Reader, node: SyntaxNode): Selector {
  const list = childOf(node, 'LabelMatchers');
  const matchers = (list ? childrenOf(list) : [])
    .filter(({ name }) => /LabelMatcher$/.test(name))
    .map((one) => convertMatcher(reader, one));
  const names = [childOf(node, 'Identifier'), ...(list?.getChildren('QuotedLabelName') ?? [])].filter(
    (one) => one !== undefined,
  );
  const isVariable = names.some((one) => reader.isVariable(one));
  const written = names.find((one) => !reader.isVariable(one));
  const matched = matchers.find((one) => one.label === '__name__' && one.operator === '=' && !one.isVariable)?.value;
  const metric = written ? reader.text(written).replace(/^["'`]|["'`]$/g, '') : matched;
  return { kind: 'selector', metric, matchers, isVariable, ...reader.modified(node) };
}

/** The windows and steps behind a selector or an expression. */
export function convertWindow(reader: Reader, node: SyntaxNode) {
  const [window, step] = node.getChildren('DurationExpr');
  const secondsOf = (span: Span | undefined) => {
    const seconds = span && !reader.isVariable(span) ? toSeconds(reader.text(span)) : Number.NaN;
    return Number.isNaN(seconds) ? undefined : seconds;
  };
  return { window: window ? reader.written(window) : '', seconds: secondsOf(window), stepSeconds: secondsOf(step) };
}

import type { Aggregation, Binary, Node } from './ast.js';
import { convertSelector, convertWindow } from './convert-selector.js';
import { childOf, childrenOf, type SyntaxNode, toSeconds, unquote } from './grammar.js';
import { placeOf, type Reader, spanOf } from './reader.js';

const EXPRESSION =
  /^(?:(?:Aggregate|Binary|Paren|Unary|Subquery|Anchored|Smoothed|Offset|StepInvariant)Expr|FunctionCall|(?:Matrix|Vector)Selector|(?:NumberDuration|String)Literal)$/;

type Convert = (reader: Reader, node: SyntaxNode) => Node;

const expressionsIn = (node: SyntaxNode) => childrenOf(node).filter(({ name }) => EXPRESSION.test(name));

function first(reader: Reader, node: SyntaxNode): Node {
  return convert(reader, expressionsIn(node)[0] as SyntaxNode);
}

const argumentsOf = (reader: Reader, node: SyntaxNode): Node[] => {
  const body = childOf(node, 'FunctionCallBody');
  return body ? expressionsIn(body).map((one) => convert(reader, one)) : [];
};

function convertAggregation(reader: Reader, node: SyntaxNode): Aggregation {
  const name = childOf(node, 'AggregateOp') ?? node;
  const modifier = childOf(node, 'AggregateModifier');
  const grouping = modifier && {
    ...spanOf(modifier),
    by: childOf(modifier, 'By') !== undefined,
    labels: reader.labels(childOf(modifier, 'GroupingLabels')),
  };
  const args = argumentsOf(reader, node);
  return {
    kind: 'aggregation',
    name: reader.text(name).toLowerCase(),
    nameSpan: spanOf(name),
    grouping,
    args,
    ...placeOf(node),
  };
}

function convertMatching(reader: Reader, node: SyntaxNode): Pick<Binary, 'matching' | 'group'> {
  const clause = childOf(node, 'MatchingModifierClause');
  if (!clause) return { matching: undefined, group: undefined };
  const [labels, include] = clause.getChildren('GroupingLabels');
  const many = childOf(clause, 'GroupLeft') ? 'left' : childOf(clause, 'GroupRight') ? 'right' : undefined;
  return {
    matching: { on: childOf(clause, 'On') !== undefined, labels: reader.labels(labels) },
    group: many && { many, include: reader.labels(include) },
  };
}

function convertBinary(reader: Reader, node: SyntaxNode): Binary {
  const [left, right] = expressionsIn(node).map((one) => convert(reader, one)) as [Node, Node];
  const operator = childrenOf(node).find(({ name }) => !EXPRESSION.test(name)) ?? node;
  return {
    kind: 'binary',
    operator: reader.text(operator).toLowerCase(),
    operatorSpan: spanOf(operator),
    left,
    right,
    bool: childOf(node, 'BoolModifier') !== undefined,
    ...convertMatching(reader, node),
    // A modifier that was taken out may have made the right side longer.
    ...placeOf({ from: left.outer.from, to: right.outer.to }),
  };
}

const CONVERTERS: Record<string, Convert> = {
  ParenExpr: (reader, node) => ({ ...first(reader, node), outer: spanOf(node) }),
  // Modifiers that change which samples are taken, not what is asked.
  AnchoredExpr: first,
  SmoothedExpr: first,
  OffsetExpr: first,
  StepInvariantExpr: first,
  NumberDurationLiteral: (reader, node) => ({
    kind: 'number',
    value: toSeconds(reader.text(node)),
    ...placeOf(node),
  }),
  StringLiteral: (reader, node) => ({ kind: 'text', value: unquote(reader.text(node)), ...placeOf(node) }),
  VectorSelector: convertSelector,
  MatrixSelector: (reader, node) => {
    const { window, seconds } = convertWindow(reader, node);
    return { kind: 'range', of: first(reader, node), window, seconds, ...reader.modified(node) };
  },
  SubqueryExpr: (reader, node) => ({
    kind: 'subquery',
    of: first(reader, node),
    ...convertWindow(reader, node),
    ...reader.modified(node),
  }),
  FunctionCall: (reader, node) => {
    const name = childOf(node, 'FunctionIdentifier') ?? node;
    const args = argumentsOf(reader, node);
    return { kind: 'call', name: reader.text(name), nameSpan: spanOf(name), args, ...placeOf(node) };
  },
  AggregateExpr: convertAggregation,
  UnaryExpr: (reader, node) => {
    const of = first(reader, node);
    const operator = reader.text(childOf(node, 'UnaryOp')) as '-' | '+';
    return { kind: 'unary', operator, of, ...placeOf({ from: node.from, to: of.outer.to }) };
  },
  BinaryExpr: convertBinary,
};

/** The typed view of a tree without errors. */
export function convert(reader: Reader, node: SyntaxNode): Node {
  const converter = CONVERTERS[node.name];
  if (!converter) throw new Error(`no view of ${node.name} in ${reader.source.original}`);
  return converter(reader, node);
}

import type { SyntaxNode } from '@lezer/common';
import type { Aggregation, Binary, Call, Matcher, Node, Selector, Span } from './syntax.js';
import { childOf, childrenOf, toNumber, toSeconds, unquote } from './tree.js';
import { VARIABLE } from './variables.js';

/** What the grammar has read, with what was taken out of the text before. */
export interface Source {
  /** As the user wrote it. */
  original: string;
  /** As the grammar saw it, of the same length. */
  text: string;
  variables: readonly Span[];
  modifiers: readonly Span[];
}

const NOT_EXPRESSIONS =
  /^(?:AggregateOp|AggregateModifier|FunctionCallBody|FunctionIdentifier|BoolModifier|MatchingModifierClause|FillModifier|DurationExpr|UnaryOp|LabelMatchers|Identifier|LineComment)$/;
const isExpression = ({ name }: SyntaxNode) =>
  /(?:Expr|Call|Selector|Literal)$/.test(name) && !NOT_EXPRESSIONS.test(name);

/** The typed view of a tree without errors. */
export class Converter {
  /** Modifiers that stand behind a selector; every other one is misplaced. */
  readonly placed = new Set<Span>();

  constructor(readonly source: Source) {}

  convert(node: SyntaxNode): Node {
    const { from, to } = node;
    const span = { from, to, outer: { from, to } };
    switch (node.name) {
      case 'ParenExpr':
        return { ...this.convert(this.expressions(node)[0] as SyntaxNode), outer: { from, to } };
      case 'NumberDurationLiteral':
        return {
          kind: 'number',
          value: /[a-z]$/.test(this.text(node)) ? this.seconds(node) : toNumber(this.text(node)),
          ...span,
        };
      case 'StringLiteral':
        return { kind: 'text', value: unquote(this.text(node)), ...span };
      case 'VectorSelector':
        return this.selector(node);
      case 'MatrixSelector':
      case 'SubqueryExpr':
        return this.over(node);
      case 'FunctionCall':
        return this.call(node);
      case 'AggregateExpr':
        return this.aggregation(node);
      case 'UnaryExpr': {
        const operator = this.text(childOf(node, 'UnaryOp')) as '-' | '+';
        return this.grown({
          kind: 'unary',
          operator,
          of: this.convert(this.expressions(node)[0] as SyntaxNode),
          ...span,
        });
      }
      default:
        return this.binary(node);
    }
  }

  private text = (node: Span | undefined) => (node ? this.source.text.slice(node.from, node.to) : '');
  private seconds = (node: SyntaxNode) => (/inf|nan/i.test(this.text(node)) ? toNumber : toSeconds)(this.text(node));
  private expressions = (node: SyntaxNode) => childrenOf(node).filter(isExpression);

  private variableIn = ({ from, to }: Span) => this.source.variables.some((one) => one.from < to && one.to > from);

  /** Ends where its last part ends, which a modifier may have made longer. */
  private grown<Kind extends Node>(node: Kind): Kind {
    const last = node.kind === 'binary' ? node.right : node.kind === 'unary' ? node.of : undefined;
    const to = Math.max(node.to, last?.outer.to ?? 0);
    return { ...node, to, outer: { from: node.from, to } };
  }

  /** The modifier behind a selector, and where the selector ends with it. */
  private modified({ from, to }: Span) {
    const behind = this.source.modifiers.find(
      (one) => one.from >= to && this.source.original.slice(to, one.from).trim() === '',
    );
    if (behind) this.placed.add(behind);
    const end = behind?.to ?? to;
    return {
      modifier: behind ? this.source.original.slice(behind.from, behind.to) : '',
      from,
      to: end,
      outer: { from, to: end },
    };
  }

  private selector(node: SyntaxNode): Selector {
    const name = childOf(node, 'Identifier');
    const list = childOf(node, 'LabelMatchers');
    const quoted = list && childOf(list, 'QuotedLabelName');
    const matchers = list ? childrenOf(list).flatMap((one) => this.matcher(one)) : [];
    const named = matchers.find(
      ({ label, operator, isVariable }) => label === '__name__' && operator === '=' && !isVariable,
    );
    const written = name && !this.variableIn(name) ? this.text(name) : undefined;
    const metric = written ?? (quoted && !this.variableIn(quoted) ? unquote(this.text(quoted)) : named?.value);
    const isVariable = [name, ...(list?.getChildren('QuotedLabelName') ?? [])].some(
      (one) => one && this.variableIn(one),
    );
    return { kind: 'selector', metric, matchers, isVariable, ...this.modified(node) };
  }

  private matcher(node: SyntaxNode): Matcher[] {
    if (!/LabelMatcher$/.test(node.name)) return [];
    const label = this.text(node.firstChild ?? undefined);
    const text = this.text(childOf(node, 'StringLiteral'));
    return [
      {
        label: /^["'`]/.test(label) ? unquote(label) : label,
        operator: this.text(childOf(node, 'MatchOp')) as Matcher['operator'],
        value: unquote(text),
        isVariable: VARIABLE.test(text),
        from: node.from,
        to: node.to,
      },
    ];
  }

  private over(node: SyntaxNode): Node {
    const of = this.convert(this.expressions(node)[0] as SyntaxNode);
    const [window, step] = node.getChildren('DurationExpr');
    const secondsOf = (one: SyntaxNode | undefined) => {
      const seconds = one && !this.variableIn(one) ? toSeconds(this.text(one)) : Number.NaN;
      return Number.isNaN(seconds) ? undefined : seconds;
    };
    const common = { of, seconds: secondsOf(window), ...this.modified(node) };
    if (node.name === 'SubqueryExpr') return { kind: 'subquery', stepSeconds: secondsOf(step), ...common };
    const written = window ? this.source.original.slice(window.from, window.to) : '';
    return { kind: 'range', window: written, ...common };
  }

  private args = (node: SyntaxNode) => {
    const body = childOf(node, 'FunctionCallBody');
    return body ? this.expressions(body).map((one) => this.convert(one)) : [];
  };

  private call(node: SyntaxNode): Call {
    const { from, to } = node;
    const name = childOf(node, 'FunctionIdentifier') ?? node;
    return {
      kind: 'call',
      name: this.text(name),
      nameSpan: spanOf(name),
      args: this.args(node),
      from,
      to,
      outer: { from, to },
    };
  }

  private labels = (node: SyntaxNode | undefined) =>
    node
      ? childrenOf(node)
          .filter(({ name }) => /LabelName$/.test(name))
          .map((one) => this.text(one).replace(/^["'`]|["'`]$/g, ''))
      : [];

  private aggregation(node: SyntaxNode): Aggregation {
    const { from, to } = node;
    const name = childOf(node, 'AggregateOp') ?? node;
    const modifier = childOf(node, 'AggregateModifier');
    const labels = modifier && this.labels(childOf(modifier, 'GroupingLabels'));
    const grouping = modifier && labels && { ...spanOf(modifier), by: childOf(modifier, 'By') !== undefined, labels };
    const args = this.args(node);
    return {
      kind: 'aggregation',
      name: this.text(name).toLowerCase(),
      nameSpan: spanOf(name),
      grouping,
      args,
      from,
      to,
      outer: { from, to },
    };
  }

  private binary(node: SyntaxNode): Binary {
    const [left, right] = this.expressions(node).map((one) => this.convert(one)) as [Node, Node];
    const operator = childrenOf(node).find((one) => !isExpression(one)) ?? node;
    const clause = childOf(node, 'MatchingModifierClause');
    const [labels, include] = clause?.getChildren('GroupingLabels') ?? [];
    const many =
      clause && (childOf(clause, 'GroupLeft') ? 'left' : childOf(clause, 'GroupRight') ? 'right' : undefined);
    return this.grown({
      kind: 'binary',
      operator: this.text(operator).toLowerCase(),
      operatorSpan: spanOf(operator),
      left,
      right,
      bool: childOf(node, 'BoolModifier') !== undefined,
      matching: clause && { on: childOf(clause, 'On') !== undefined, labels: this.labels(labels) },
      group: many && { many, include: this.labels(include) },
      from: node.from,
      to: node.to,
      outer: spanOf(node),
    });
  }
}

const spanOf = ({ from, to }: Span): Span => ({ from, to });

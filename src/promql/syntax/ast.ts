/** A part of an expression's text: offsets of its first character and of the one after its last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Base extends Span {
  /** As the node itself, with the parentheses around it. */
  readonly outer: Span;
}

export interface NumberLiteral extends Base {
  readonly kind: 'number';
  readonly value: number;
}

export interface Text extends Base {
  readonly kind: 'text';
  readonly value: string;
}

export interface Matcher extends Span {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /** Whether a variable of Grafana is in the value, which is then not known. */
  readonly isVariable: boolean;
}

export interface Selector extends Base {
  readonly kind: 'selector';
  /** Undefined where it is not written out: `{__name__=~"a|b"}`, or a variable of Grafana. */
  readonly metric: string | undefined;
  readonly matchers: readonly Matcher[];
  /** Whether Grafana puts the metric, or matchers, in. */
  readonly isVariable: boolean;
  /** `offset 5m`, `@ end()`, as written. */
  readonly modifier: string;
}

/** `of[5m]`. */
export interface Range extends Base {
  readonly kind: 'range';
  readonly of: Node;
  /** What is written between the brackets. */
  readonly window: string;
  /** Undefined where Grafana puts the window in. */
  readonly seconds: number | undefined;
  readonly modifier: string;
}

/** `of[1h:5m]`. */
export interface Subquery extends Base {
  readonly kind: 'subquery';
  readonly of: Node;
  /** What is written before the colon. */
  readonly window: string;
  readonly seconds: number | undefined;
  readonly stepSeconds: number | undefined;
  readonly modifier: string;
}

export interface Call extends Base {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Node[];
}

export interface Aggregation extends Base {
  readonly kind: 'aggregation';
  readonly name: string;
  readonly nameSpan: Span;
  /** Undefined where all series become one. */
  readonly grouping: (Span & { readonly by: boolean; readonly labels: readonly string[] }) | undefined;
  readonly args: readonly Node[];
}

export interface Binary extends Base {
  readonly kind: 'binary';
  readonly operator: string;
  readonly operatorSpan: Span;
  readonly left: Node;
  readonly right: Node;
  readonly bool: boolean;
  /** `on (…)` or `ignoring (…)`. */
  readonly matching: { readonly on: boolean; readonly labels: readonly string[] } | undefined;
  /** `group_left (…)` or `group_right (…)`: which side may have several series for one of the other. */
  readonly group: { readonly many: 'left' | 'right'; readonly include: readonly string[] } | undefined;
}

export interface Unary extends Base {
  readonly kind: 'unary';
  readonly operator: '-' | '+';
  readonly of: Node;
}

export type Node = NumberLiteral | Text | Selector | Range | Subquery | Call | Aggregation | Binary | Unary;

/** What an expression is made of, from left to right. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'call':
    case 'aggregation':
      return node.args;
    case 'binary':
      return [node.left, node.right];
    case 'range':
    case 'subquery':
    case 'unary':
      return [node.of];
    default:
      return [];
  }
}

/** The node and all below it, outermost first. */
export function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of children(node)) yield* walk(child);
}

export const isSelector = (node: Node): node is Selector => node.kind === 'selector';

import type { Span } from './ast.js';
import { childrenOf, type SyntaxNode } from './grammar.js';

/** What the grammar has read, with what was taken out of the text before. */
export interface Source {
  /** As the user wrote it. */
  original: string;
  /** As the grammar saw it, of the same length. */
  text: string;
  variables: readonly Span[];
  modifiers: readonly Span[];
}

export const spanOf = ({ from, to }: Span): Span => ({ from, to });

/** Where a node stands that has no parentheses around it, or none yet. */
export const placeOf = (span: Span) => ({ ...spanOf(span), outer: spanOf(span) });

/** Reads a source by the positions of a tree. */
export class Reader {
  /** Modifiers that stand behind a selector; every other one is misplaced. */
  readonly placed = new Set<Span>();

  constructor(readonly source: Source) {}

  text(span: Span | undefined): string {
    return span ? this.source.text.slice(span.from, span.to) : '';
  }

  written({ from, to }: Span): string {
    return this.source.original.slice(from, to);
  }

  /** Whether Grafana puts something in there. */
  isVariable({ from, to }: Span): boolean {
    return this.source.variables.some((one) => one.from < to && one.to > from);
  }

  /** The modifier behind a selector, and where the selector ends with it. */
  modified({ from, to }: Span) {
    const behind = this.source.modifiers.find(
      (one) => one.from >= to && this.written({ from: to, to: one.from }).trim() === '',
    );
    if (behind) this.placed.add(behind);
    return { modifier: behind ? this.written(behind) : '', ...placeOf({ from, to: behind?.to ?? to }) };
  }

  /** Names in parentheses; a variable of Grafana as it is written, with its `$`. */
  labels(node: SyntaxNode | undefined): string[] {
    const names = node ? childrenOf(node).filter(({ name }) => /LabelName$/.test(name)) : [];
    return names.map((one) => this.written(one).replace(/^["'`]|["'`]$/g, ''));
  }
}

/** Whether a name in a `by (…)` is one that Grafana puts in. */
export const isVariableName = (name: string) => /[$[]/.test(name);

/**
 * What the parts of a query return.
 *
 * In: a syntax tree, known metrics.
 * Out: labels, types and units of each part.
 * Must not know: mistakes.
 *
 * @module
 */

import { type Node, type Span, walk } from '../syntax/ast.js';
import type { KnownMetrics } from './known-metrics.js';

/** A recording rule that a query may ask for. */
export interface Recording {
  root: Node;
  /** Whether the rule adds labels to its series. */
  addsLabels: boolean;
}

/** What the rules know besides the expression. */
export interface LintContext {
  metrics: KnownMetrics;
  /** By name. */
  recordings: ReadonlyMap<string, Recording>;
  /** What Prometheus adds to every series of a target. */
  targetLabels: readonly string[];
  scrapeIntervalSeconds: number;
  /** Whether it is the expression of an alert: a comparison then decides. */
  isAlert: boolean;
}

/** An expression under examination. */
export interface Query extends LintContext {
  expr: string;
  root: Node;
  /** All nodes, outermost first. */
  nodes: readonly Node[];
  /** The text of a node with its parentheses, or of a span. */
  text(part: Node | Span): string;
}

export const createQuery = (expr: string, root: Node, context: LintContext): Query => ({
  ...context,
  expr,
  root,
  nodes: [...walk(root)],
  text: (part) => {
    const { from, to } = 'outer' in part ? part.outer : part;
    return expr.slice(from, to);
  },
});

export interface Edit extends Span {
  text: string;
}

/** A text with parts replaced that do not overlap. */
export function applyEdits(expr: string, edits: readonly Edit[]): string {
  const last = [...edits].sort((a, b) => b.from - a.from);
  return last.reduce((text, { from, to, text: instead }) => text.slice(0, from) + instead + text.slice(to), expr);
}

/** What a rule has found in an expression. */
export interface Problem {
  at: Span;
  /** What is wrong, in a few words. */
  wrong: string;
  /** What the query really gives. */
  gives: string;
  /** What to do. */
  fix: string;
  /** Where the corrected expression can be derived: what to change. */
  edits?: Edit[];
  /** Where it differs from the rule's. */
  severity?: Severity;
}

export type Severity = 'error' | 'warning';

/** One kind of mistake. */
export interface Rule {
  /** In kebab-case, as reports show it. */
  id: string;
  severity: Severity;
  check(query: Query): Iterable<Problem>;
}

/** Whether more is known of a metric than its name. */
export const isKnown = ({ metrics, recordings }: LintContext, metric: string) =>
  metrics.find(metric) !== undefined || recordings.has(metric);

import { nearest } from '../../cli/index.js';
import { labelsOf } from '../analysis/labels-of.js';
import type { Problem, Query, Rule } from '../analysis/query.js';
import type { Aggregation, Binary, Selector, Span } from '../syntax/ast.js';
import { matchesText } from '../syntax/nodes.js';
import { isVariableName } from '../syntax/reader.js';

interface UnknownLabel {
  at: Span;
  label: string;
  /** What has no such label. */
  of: string;
  known: ReadonlySet<string>;
  gives: string;
}

function labelProblem({ expr }: Query, { at, label, of, known, gives }: UnknownLabel): Problem {
  const better = nearest(label, known);
  const from = expr.indexOf(label, at.from);
  const isThere = better !== undefined && from >= 0 && from < at.to;
  return {
    at,
    wrong: `${of} has no label ${label}`,
    gives,
    fix: `its labels are ${[...known].join(', ')} (name with --labels what Prometheus adds to the target)`,
    ...(isThere && { edits: [{ from, to: from + label.length, text: better }] }),
  };
}

function* unknownInSelector(query: Query, selector: Selector): Generator<Problem> {
  const known = labelsOf(query, selector);
  if (!known) return;
  for (const matcher of selector.matchers) {
    const { label, operator, value } = matcher;
    if (known.has(label) || label === '__name__') continue;
    // A label that is not there is empty.
    const matchesEmpty =
      matcher.isVariable ||
      (operator.includes('~') ? matchesText(value, '') : value === '') !== operator.startsWith('!');
    const gives = matchesEmpty ? 'every series: the matcher changes nothing' : 'no data';
    yield labelProblem(query, { at: matcher, label, of: selector.metric ?? 'it', known, gives });
  }
}

function* unknownInGrouping(query: Query, { args, grouping }: Aggregation): Generator<Problem> {
  const argument = args.at(-1);
  const known = argument && labelsOf(query, argument);
  if (!grouping || !known) return;
  for (const label of grouping.labels) {
    if (known.has(label) || isVariableName(label)) continue;
    const gives = grouping.by ? 'one series for all its values together' : 'the same as without it';
    yield labelProblem(query, { at: grouping, label, of: 'what is aggregated', known, gives });
  }
}

function* unknownInMatching(query: Query, { matching, operatorSpan, left, right }: Binary): Generator<Problem> {
  const [ofLeft, ofRight] = [labelsOf(query, left), labelsOf(query, right)];
  // To ignore what is not there does no harm.
  if (!matching?.on || !ofLeft || !ofRight) return;
  const known = new Set([...ofLeft, ...ofRight]);
  for (const label of matching.labels) {
    if (!known.has(label) && !isVariableName(label))
      yield labelProblem(query, { at: operatorSpan, label, of: 'what is matched', known, gives: 'a match without it' });
  }
}

export const unknownLabel: Rule = {
  id: 'unknown-label',
  severity: 'error',
  *check(query) {
    for (const node of query.nodes) {
      if (node.kind === 'selector') yield* unknownInSelector(query, node);
      else if (node.kind === 'aggregation') yield* unknownInGrouping(query, node);
      else if (node.kind === 'binary') yield* unknownInMatching(query, node);
    }
  },
};

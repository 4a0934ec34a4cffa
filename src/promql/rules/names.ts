import { STATUSES } from '../../m2_3_monitoring/index.js';
import { labelsOf } from '../labels-of.js';
import { nearest } from '../nearest.js';
import type { Problem, Query, Rule } from '../query.js';
import { isVariableName } from '../reader.js';
import type { Aggregation, Binary, Matcher, Node, Selector, Span } from '../syntax.js';

const OURS = /^rag_/;
const ALWAYS_THERE = /^(?:up|ALERTS|ALERTS_FOR_STATE|scrape_.*)$/;

const selectorsIn = ({ nodes }: Query) => nodes.filter((node): node is Selector => node.kind === 'selector');

/** The metric's name where it stands. */
function nameSpan({ expr }: Query, { metric = '', from, to }: Selector): Span {
  const start = expr.indexOf(metric, from);
  return start < 0 || start > to ? { from, to } : { from: start, to: start + metric.length };
}

function* unknownMetrics(query: Query): Generator<Problem> {
  for (const selector of selectorsIn(query)) {
    const { metric } = selector;
    if (metric === undefined || query.metrics.find(metric) || query.recordings.has(metric)) continue;
    const isChecked = OURS.test(metric) || query.metrics.isComplete;
    if (!isChecked || ALWAYS_THERE.test(metric) || metric.includes(':')) continue;
    const better = nearest(metric, [...query.metrics.seriesNames()]);
    yield {
      at: nameSpan(query, selector),
      wrong: `there is no metric ${metric}`,
      gives: 'no data',
      fix: better ? `${better} is there` : 'take a name that /metrics shows',
      ...(better && { edits: [{ ...nameSpan(query, selector), text: better }] }),
    };
  }
}

export const unknownMetric: Rule = { id: 'unknown-metric', severity: 'error', check: unknownMetrics };

export const wrongSuffix: Rule = {
  id: 'wrong-suffix',
  severity: 'error',
  *check(query) {
    for (const selector of selectorsIn(query)) {
      const found = query.metrics.find(selector.metric ?? '');
      if (found?.metric.type !== 'histogram' || found.part !== '') continue;
      const at = nameSpan(query, selector);
      const name = selector.metric;
      yield {
        at,
        wrong: `${name} is a histogram, which has no series of that name`,
        gives: 'no data',
        fix: `${name}_bucket for quantiles, ${name}_sum / ${name}_count for the mean, ${name}_count for how many`,
        ...(query.nodes.some(isQuantileCall) && { edits: [{ ...at, text: `${name}_bucket` }] }),
      };
    }
  },
};

const isQuantileCall = (node: Node) => node.kind === 'call' && node.name === 'histogram_quantile';

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

/** Whether a regular expression of Prometheus, which is anchored, matches; true where JavaScript cannot read it. */
export function matchesText(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(text);
  } catch {
    return true;
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

/** Values that the label `status` of a matcher never has. */
function impossibleValues({ operator, value, isVariable }: Matcher): string[] {
  const statuses: readonly string[] = STATUSES;
  if (isVariable || operator.startsWith('!')) return [];
  const alternatives = operator === '=' ? [value] : /^\w+(?:\|\w+)*$/.test(value) ? value.split('|') : [];
  const missing = alternatives.filter((one) => !statuses.includes(one));
  return operator === '=~' && alternatives.length === 0 && !statuses.some((one) => matchesText(value, one))
    ? [value]
    : missing;
}

export const unknownValue: Rule = {
  id: 'unknown-value',
  severity: 'error',
  *check(query) {
    for (const { metric, matchers } of selectorsIn(query)) {
      if (metric !== 'rag_requests_total') continue;
      for (const matcher of matchers.filter(({ label }) => label === 'status')) {
        const [value] = impossibleValues(matcher);
        if (value === undefined) continue;
        yield {
          at: matcher,
          wrong: `status is never "${value}"`,
          gives: 'no data for it',
          fix: `its values are ${STATUSES.join(', ')}`,
        };
      }
    }
  },
};

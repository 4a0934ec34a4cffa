import { constantOf, isComparison, thresholdOf } from '../constants.js';
import type { KnownSeries } from '../known-metrics.js';
import { isCall } from '../nodes.js';
import type { Problem, Query, Rule } from '../query.js';
import { type Call, type Matcher, type Node, type Selector, walk } from '../syntax.js';
import { matchesText } from './names.js';

const list = (buckets: readonly number[]) => buckets.join(', ');

/** How Prometheus 2 and Prometheus 3 may have stored a boundary. */
const storedForms = (boundary: number): string[] => [
  String(boundary),
  Number.isInteger(boundary) ? `${boundary}.0` : String(boundary),
];

/** A matcher that finds a boundary under both. */
const inBothForms = (boundary: number) => `le=~"${boundary}(\\\\.0)?"`;

function wrongBoundary(matcher: Matcher, buckets: readonly number[]): Problem | undefined {
  const { operator, value, isVariable } = matcher;
  if (isVariable || operator.startsWith('!') || /^\+?Inf$/i.test(value)) return undefined;
  const matched = buckets.filter((one) =>
    storedForms(one).some((form) => (operator === '=' ? form === value : matchesText(value, form))),
  );
  const number = Number(value);
  if (operator === '=' && buckets.includes(number)) return wrongForm(matcher, number);
  if (matched.length > 0 || matchesText(value, '+Inf')) return undefined;
  return {
    at: matcher,
    wrong: `there is no bucket ${value}`,
    gives: 'no data',
    fix: `the boundaries are ${list(buckets)}`,
  };
}

function wrongForm(matcher: Matcher, boundary: number): Problem | undefined {
  if (!Number.isInteger(boundary))
    return matcher.value === String(boundary) ? undefined : neverStored(matcher, boundary);
  const isPlain = matcher.value === String(boundary);
  const problem = isPlain || matcher.value === `${boundary}.0` ? undefined : neverStored(matcher, boundary);
  if (problem) return problem;
  return {
    at: matcher,
    wrong: `le="${matcher.value}" is the form of Prometheus ${isPlain ? 2 : 3} alone`,
    gives: isPlain
      ? `no data in Prometheus 3, which stores ${boundary}.0`
      : `no data in Prometheus 2, which stores ${boundary} as it is scraped`,
    fix: inBothForms(boundary),
    edits: [{ from: matcher.from, to: matcher.to, text: inBothForms(boundary) }],
    severity: isPlain ? 'warning' : 'error',
  };
}

const neverStored = (matcher: Matcher, boundary: number): Problem => {
  const text = Number.isInteger(boundary) ? inBothForms(boundary) : `le="${boundary}"`;
  return {
    at: matcher,
    wrong: `le="${matcher.value}" is not how the boundary is written`,
    gives: 'no data',
    fix: text,
    edits: [{ from: matcher.from, to: matcher.to, text }],
  };
};

export const leBoundary: Rule = {
  id: 'le-boundary',
  severity: 'error',
  *check({ nodes, metrics }) {
    for (const node of nodes) {
      const buckets = node.kind === 'selector' ? metrics.find(node.metric ?? '')?.metric.buckets : undefined;
      if (node.kind !== 'selector' || !buckets) continue;
      for (const matcher of node.matchers.filter(({ label }) => label === 'le')) {
        const problem = wrongBoundary(matcher, buckets);
        if (problem) yield problem;
      }
    }
  },
};

/** The quantile that a value is, and what it was multiplied with: milliseconds of seconds. */
function quantileIn(node: Node): { call: Call; factor: number } | undefined {
  if (isCall(node, 'histogram_quantile')) return { call: node, factor: 1 };
  if (node.kind === 'aggregation') return node.args[0] && quantileIn(node.args[0]);
  if (node.kind !== 'binary' || !/^[*/]$/.test(node.operator)) return undefined;
  const by = constantOf(node.right);
  const inner = by === undefined ? undefined : quantileIn(node.left);
  return inner && by ? { call: inner.call, factor: inner.factor * (node.operator === '*' ? by : 1 / by) } : undefined;
}

function histogramOf({ metrics }: Query, call: Call): KnownSeries['metric'] | undefined {
  for (const node of call.args.flatMap((one) => [...walk(one)])) {
    const known = node.kind === 'selector' ? metrics.find((node as Selector).metric ?? '') : undefined;
    if (known?.part === '_bucket') return known.metric;
  }
  return undefined;
}

function thresholdProblem(
  name: string,
  buckets: readonly number[],
  operator: string,
  value: number,
): Omit<Problem, 'at'> | undefined {
  const highest = buckets.at(-1) ?? 0;
  const isOver = value > highest || (value === highest && operator === '>');
  if (isOver && /^[><]/.test(operator)) {
    return {
      wrong: `the highest finite bucket of ${name} is ${highest}, and no quantile is shown above it`,
      gives: operator.startsWith('>')
        ? 'a comparison that never holds, however slow it gets'
        : 'a comparison that always holds',
      fix: `compare with less than ${highest}, or add a bucket above ${value}`,
      severity: 'error',
    };
  }
  if (value <= 0 || buckets.some((one) => Math.abs(one - value) < 1e-9 * Math.max(1, one))) return undefined;
  const above = buckets.find((one) => one > value);
  const below = buckets.filter((one) => one < value).at(-1) ?? 0;
  return {
    wrong: `${value} is no boundary of ${name}`,
    gives: `a value interpolated anywhere between ${below} and ${above}`,
    fix: `compare with ${below || above}${below ? ` or ${above}` : ''}, or add the boundary ${value}`,
  };
}

export const quantileThreshold: Rule = {
  id: 'quantile-threshold',
  severity: 'warning',
  *check(query) {
    for (const node of query.nodes.filter(isComparison)) {
      const threshold = thresholdOf(node);
      const quantile = threshold && quantileIn(threshold.of);
      const metric = quantile && histogramOf(query, quantile.call);
      if (!threshold || !quantile || !metric?.buckets) continue;
      const value = threshold.value / quantile.factor;
      const problem = thresholdProblem(metric.name, metric.buckets, threshold.operator, value);
      if (problem) yield { at: node, ...problem };
    }
  },
};

import type { Problem, Rule } from '../analysis/query.js';
import type { Matcher } from '../syntax/ast.js';
import { matchesText, selectorsIn } from '../syntax/nodes.js';

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
  *check({ root, metrics }) {
    for (const { metric, matchers } of selectorsIn(root)) {
      const buckets = metrics.find(metric ?? '')?.metric.buckets;
      if (!buckets) continue;
      for (const matcher of matchers.filter(({ label }) => label === 'le')) {
        const problem = wrongBoundary(matcher, buckets);
        if (problem) yield problem;
      }
    }
  },
};

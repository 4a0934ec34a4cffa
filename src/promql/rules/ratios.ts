import { isComparison, thresholdOf } from '../constants.js';
import { keepsLabel, labelsOf, sameLabels } from '../labels-of.js';
import { isCall, isScalar, RATES } from '../nodes.js';
import type { Edit, Problem, Query, Rule } from '../query.js';
import { isVariableName } from '../reader.js';
import { type Aggregation, type Binary, type Matcher, type Node, type Selector, shapeOf, walk } from '../syntax.js';

const binaries = ({ nodes }: Query) => nodes.filter((node): node is Binary => node.kind === 'binary');
const wrapped = (query: Query, node: Node): Edit => ({ ...node.outer, text: `sum(${query.text(node)})` });
const isUnsummed = (node: Node) => ![...walk(node)].some(({ kind }) => kind === 'aggregation');
const selectorsIn = (node: Node) => [...walk(node)].filter((one): one is Selector => one.kind === 'selector');
const plain = ({ label, operator, value }: Matcher) => `${label}${operator}${value}`;

/** Labels that one side's selectors narrow and the other's do not. */
function narrowedLabels(left: Node, right: Node): string[] {
  const others = selectorsIn(right);
  return selectorsIn(left).flatMap(({ matchers }, index) => {
    const [here, there] = [matchers, others[index]?.matchers ?? []];
    const alone = (ones: readonly Matcher[], rest: readonly Matcher[]) =>
      ones.filter((one) => !rest.some((other) => plain(other) === plain(one)));
    return [...alone(here, there), ...alone(there, here)].map(({ label }) => label);
  });
}

const matchesBy = ({ matching }: Binary, label: string) => !matching || matching.on === matching.labels.includes(label);

/** Sums that do not tell a label apart. */
function withoutLabels(query: Query, node: Node, labels: readonly string[]): Edit[] {
  if (isUnsummed(node)) return [wrapped(query, node)];
  const sums = [...walk(node)].filter(
    (one): one is Aggregation => one.kind === 'aggregation' && Boolean(one.grouping?.by),
  );
  return sums.map(({ grouping }) => {
    const kept = grouping?.labels.filter((label) => !labels.includes(label)) ?? [];
    return { from: grouping?.from ?? 0, to: grouping?.to ?? 0, text: `by (${kept.join(', ')})` };
  });
}

export const selfRatio: Rule = {
  id: 'self-ratio',
  severity: 'error',
  *check(query) {
    for (const node of binaries(query)) {
      const { operator, left, right, group } = node;
      const bare = { withoutMatchers: true };
      if (operator !== '/' || group || shapeOf(left, bare) !== shapeOf(right, bare)) continue;
      const narrowed = narrowedLabels(left, right);
      const isItself = narrowed.every(
        (label) => keepsLabel(left, label) && keepsLabel(right, label) && matchesBy(node, label),
      );
      if (narrowed.length === 0 || !isItself) continue;
      yield {
        at: node,
        wrong: `both sides keep the label ${narrowed[0]}, so each series is divided by itself`,
        gives: '1, always',
        fix: 'sum both sides over it',
        edits: [...withoutLabels(query, left, narrowed), ...withoutLabels(query, right, narrowed)],
      };
    }
  },
};

/** What the series of a side are matched by. */
function signatureOf(labels: ReadonlySet<string>, { matching }: Binary): ReadonlySet<string> {
  if (!matching) return labels;
  return new Set([...labels].filter((label) => matching.on === matching.labels.includes(label)));
}

const named = (labels: ReadonlySet<string>) => (labels.size === 0 ? 'no labels' : [...labels].join(', '));

function mismatchEdits(
  query: Query,
  node: Binary,
  left: ReadonlySet<string>,
  right: ReadonlySet<string>,
): Edit[] | undefined {
  if (node.matching) return undefined;
  if (isUnsummed(node.left) && isUnsummed(node.right)) return [wrapped(query, node.left), wrapped(query, node.right)];
  const isPart = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].every((label) => b.has(label));
  const { from, to } = node.operatorSpan;
  const insert = (labels: ReadonlySet<string>, group: string) => [
    { from, to, text: `${query.text({ from, to })} on (${[...labels].join(', ')})${group}` },
  ];
  const isSet = /^(?:and|unless)$/.test(node.operator);
  if (isPart(right, left)) return insert(right, isSet ? '' : ' group_left ()');
  return isPart(left, right) ? insert(left, isSet ? '' : ' group_right ()') : undefined;
}

export const labelsDoNotMatch: Rule = {
  id: 'labels-do-not-match',
  severity: 'error',
  *check(query) {
    for (const node of binaries(query)) {
      const { left, right, operator } = node;
      if (operator === 'or' || isScalar(left) || isScalar(right)) continue;
      const [ofLeft, ofRight] = [labelsOf(query, left), labelsOf(query, right)];
      if (!ofLeft || !ofRight || [...ofLeft, ...ofRight].some(isVariableName)) continue;
      if (sameLabels(signatureOf(ofLeft, node), signatureOf(ofRight, node))) continue;
      const edits = mismatchEdits(query, node, ofLeft, ofRight);
      yield {
        at: node,
        wrong: `"${operator}" matches series of equal labels, and the left has ${named(signatureOf(ofLeft, node))}, the right ${named(signatureOf(ofRight, node))}`,
        gives: operator === 'unless' ? 'all of the left side' : 'no data',
        fix: 'aggregate both sides by the same labels, or say on (…) which ones count',
        ...(edits && { edits }),
      };
    }
  },
};

const countsIn = (node: Node) => [...walk(node)].some((one) => isCall(one, RATES));
const isMean = ({ left, right }: Binary) => {
  const [sums, counts] = [selectorsIn(left), selectorsIn(right)].map((ones) => ones.map(({ metric = '' }) => metric));
  return sums?.every((name) => /_sum$/.test(name)) && counts?.every((name) => /_count$/.test(name));
};
const isShare = (node: Node): node is Binary =>
  node.kind === 'binary' && node.operator === '/' && countsIn(node.left) && countsIn(node.right) && !isMean(node);

/** Whether a part of the expression asks for a minimum of something that is no share. */
function asksForTraffic({ nodes }: Query): boolean {
  return nodes.some((node) => {
    const threshold = thresholdOf(node);
    const isMinimum = threshold && /^>/.test(threshold.operator) && threshold.value > 0;
    const isUnless = nodes.some((one) => one.kind === 'binary' && one.operator === 'unless' && one.right === node);
    const excludes = threshold && isUnless && /^</.test(threshold.operator) && threshold.value > 0;
    return threshold && (isMinimum || excludes) && ![...walk(threshold.of)].some(isShare);
  });
}

/** The requests of the window: the denominator, counted instead of per second, and without a guard such as `> 0`. */
function trafficOf(query: Query, { right }: Binary): string {
  const whole = thresholdOf(right)?.of ?? right;
  const rates = [...walk(whole)]
    .filter((one) => isCall(one, RATES))
    .map((one) => (one.kind === 'call' ? one.nameSpan : one));
  let text = query.text(whole);
  for (const { from, to } of rates.reverse()) {
    const start = whole.outer.from;
    text = `${text.slice(0, from - start)}increase${text.slice(to - start)}`;
  }
  return text;
}

const isAndChain = (node: Node): boolean =>
  isComparison(node) ||
  (node.kind === 'binary' && node.operator === 'and' && isAndChain(node.left) && isAndChain(node.right));

export const ratioWithoutTraffic: Rule = {
  id: 'ratio-without-traffic',
  severity: 'warning',
  *check(query): Generator<Problem> {
    if (!query.isAlert || asksForTraffic(query)) return;
    for (const node of query.nodes) {
      const threshold = thresholdOf(node);
      const share = threshold && [...walk(threshold.of)].find(isShare);
      if (!share) continue;
      const end = query.root.outer.to;
      const minimum = `\nand ${trafficOf(query, share)} >= 10`;
      yield {
        at: share,
        wrong: 'the share is taken however few requests there are',
        gives: '100 % or 0 % from a single request',
        fix: 'ask for a minimum of requests too',
        ...(isAndChain(query.root) && !share.matching && { edits: [{ from: end, to: end, text: minimum }] }),
      };
      return;
    }
  },
};

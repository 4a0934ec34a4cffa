import { catalogue } from '../../m2_3_monitoring/metrics/catalogue.js';
import type { Problem, Query, Rule } from '../analysis/query.js';
import { type Aggregation, type Node, type Selector, walk } from '../syntax/ast.js';
import { isComparison, thresholdOf } from '../syntax/constants.js';

/** Gauges that are a share since the start, with the counters that say what is now. */
const COUNTED_BY: Record<string, { part: string; other: string; by: readonly string[] }> = {
  [catalogue.cacheHitRate.name]: {
    part: catalogue.cacheHits.name,
    other: catalogue.cacheMisses.name,
    by: ['job', ...catalogue.cacheHitRate.labels],
  },
};

function shareOfNow(query: Query, gauge: Selector, by: string): string | undefined {
  const counters = COUNTED_BY[gauge.metric ?? ''];
  if (!counters || gauge.modifier) return undefined;
  const written = query.text(gauge);
  const matchers = written.slice(written.indexOf(gauge.metric ?? '') + (gauge.metric?.length ?? 0)).trim();
  const rate = (name: string) => `sum ${by}(rate(${name}${matchers}[5m]))`.replace('sum (', 'sum(');
  return `${rate(counters.part)} / (${rate(counters.part)} + ${rate(counters.other)})`;
}

const isLifetimeRatio = (query: Query, node: Node): node is Selector =>
  node.kind === 'selector' && query.metrics.find(node.metric ?? '')?.metric.isLifetimeRatio === true;

const AVERAGES = /^(?:avg|sum)$/;

function* averagedRatios(query: Query): Generator<[Aggregation, Selector]> {
  for (const node of query.nodes) {
    if (node.kind !== 'aggregation' || !AVERAGES.test(node.name)) continue;
    const [argument] = node.args;
    if (argument && isLifetimeRatio(query, argument)) yield [node, argument];
  }
}

const groupingOf = (query: Query, { grouping }: Aggregation) =>
  grouping ? `${query.text({ from: grouping.from, to: grouping.to })} ` : '';

export const lifetimeRatio: Rule = {
  id: 'lifetime-ratio',
  severity: 'error',
  *check(query): Generator<Problem> {
    const averaged = new Map([...averagedRatios(query)].map(([outer, gauge]) => [gauge, outer]));
    for (const [gauge, outer] of averaged) {
      const text = shareOfNow(query, gauge, groupingOf(query, outer));
      yield {
        at: outer,
        wrong: `${outer.name} of shares weighs an instance with 10 lookups like one with 10,000`,
        gives: 'a share that no traffic has had',
        fix: 'the ratio of the summed counters',
        ...(text && { edits: [{ from: outer.from, to: outer.to, text }] }),
      };
    }
    const compared = query.isAlert ? query.nodes.filter(isComparison).flatMap((node) => [...walk(node)]) : [];
    for (const gauge of new Set(compared.filter((node) => isLifetimeRatio(query, node)))) {
      if (gauge.kind === 'selector' && !averaged.has(gauge)) yield comparedProblem(query, gauge);
    }
  },
};

function comparedProblem(query: Query, gauge: Selector): Problem {
  const by = COUNTED_BY[gauge.metric ?? '']?.by ?? [];
  const isWhole = query.nodes.some((node) => thresholdOf(node)?.of === gauge);
  const text = shareOfNow(query, gauge, `by (${by.join(', ')}) `);
  return {
    at: gauge,
    wrong: `${gauge.metric} is the share since the process started`,
    gives: 'a value that an outage of an hour hardly moves after a million lookups',
    fix: 'the ratio of the rates of the counters',
    ...(text && { edits: [{ ...gauge.outer, text: isWhole ? text : `(${text})` }] }),
  };
}

import { catalogue } from '../../m2_3_monitoring/index.js';
import { isComparison, thresholdOf } from '../constants.js';
import { kindOf } from '../kind-of.js';
import { isCall } from '../nodes.js';
import type { Problem, Query, Rule } from '../query.js';
import { type Aggregation, children, type Node, type Selector, walk } from '../syntax.js';

// Functions of a counter that do not give its value.
const CONSUMES =
  /^(?:rate|irate|increase|delta|idelta|deriv|resets|changes|absent|absent_over_time|count|count_over_time|present_over_time|timestamp|group)$/;

/** Counters whose value since the start reaches the node's own. */
function rawCounters(query: Query, node: Node): Selector[] {
  if ((node.kind === 'call' || node.kind === 'aggregation') && CONSUMES.test(node.name)) return [];
  // What a counter was before, taken from what it is, is how much it grew.
  if (node.kind === 'binary' && node.operator === '-' && [...walk(node.right)].some(isEarlier)) return [];
  if (node.kind === 'selector')
    return kindOf(query, node) === 'counter' || kindOf(query, node) === 'sum of counters' ? [node] : [];
  return children(node).flatMap((child) => rawCounters(query, child));
}

const isEarlier = (node: Node) => node.kind === 'selector' && node.modifier !== '';

function rawProblem(query: Query, counter: Selector, isShare: boolean): Problem {
  const [name, window] = isShare ? ['rate', '5m'] : ['increase', '1h'];
  const isRecorded = query.recordings.has(counter.metric ?? '');
  return {
    at: counter,
    wrong: `${counter.metric} counts since each process started`,
    gives: isShare
      ? 'a value of the whole life, in which the last minutes do not show'
      : 'a comparison that holds from some time on until the next restart',
    fix: `${name}(…[${window}]) is what it counted lately`,
    ...(!isRecorded &&
      counter.modifier === '' && { edits: [{ ...counter.outer, text: `${name}(${query.text(counter)}[${window}])` }] }),
  };
}

export const rawCounter: Rule = {
  id: 'raw-counter',
  severity: 'error',
  *check(query) {
    const seen = new Set<Selector>();
    for (const node of query.nodes) {
      const threshold = thresholdOf(node);
      const isFilter = threshold && !query.isAlert && threshold.value === 0;
      const compared = threshold && !isFilter ? threshold.of : isCall(node, 'histogram_quantile') ? node : undefined;
      if (!compared) continue;
      const isShare = [...walk(compared)].some(
        (one) => isCall(one, 'histogram_quantile') || (one.kind === 'binary' && one.operator === '/'),
      );
      for (const counter of rawCounters(query, compared)) {
        if (!seen.has(counter)) yield rawProblem(query, counter, isShare);
        seen.add(counter);
      }
    }
  },
};

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

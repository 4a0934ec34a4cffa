import { kindOf } from '../analysis/metric-kind.js';
import type { Problem, Query, Rule } from '../analysis/query.js';
import { isKnown } from '../analysis/query.js';
import { children, type Node, type Selector, walk } from '../syntax/ast.js';
import { thresholdOf } from '../syntax/constants.js';
import { isCall } from '../syntax/nodes.js';

// Functions of a counter that do not give its value.
const CONSUMES =
  /^(?:rate|irate|increase|delta|idelta|deriv|resets|changes|absent|absent_over_time|count|count_over_time|present_over_time|timestamp|group)$/;

/** Counters whose value since the start reaches the node's own. */
function rawCounters(query: Query, node: Node): Selector[] {
  if ((node.kind === 'call' || node.kind === 'aggregation') && CONSUMES.test(node.name)) return [];
  // What a counter was before, taken from what it is, is how much it grew.
  if (node.kind === 'binary' && node.operator === '-' && [...walk(node.right)].some(isEarlier)) return [];
  if (node.kind === 'selector') return isCounter(query, node) ? [node] : [];
  return children(node).flatMap((child) => rawCounters(query, child));
}

/** A counter of which that is known: many gauges, such as a number of disks, are called `_total` too. */
const isCounter = (query: Query, node: Selector) =>
  /counter/.test(kindOf(query, node) ?? '') && isKnown(query, node.metric ?? '');

const isEarlier = (node: Node) => node.kind === 'selector' && node.modifier !== '';

function rawProblem(query: Query, counter: Selector, isShare: boolean): Problem {
  const [name, window] = isShare ? ['rate', '5m'] : ['increase', '1h'];
  const isRecorded = query.recordings.has(counter.metric ?? '');
  return {
    at: counter,
    wrong: `${counter.metric} counts since each process started`,
    gives: isShare
      ? 'a value of the whole life, in which the last minutes do not show'
      : 'a value that only grows until the next restart, whatever happens',
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

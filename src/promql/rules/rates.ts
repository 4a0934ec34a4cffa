import { kindOf } from '../analysis/metric-kind.js';
import type { Edit, Query, Rule } from '../analysis/query.js';
import { isKnown } from '../analysis/query.js';
import { RATES, selectorsIn } from '../syntax/nodes.js';
import { renamed, type Windowed, windowed } from './windowed.js';

export const rateOfGauge: Rule = {
  id: 'rate-of-gauge',
  severity: 'error',
  *check(query) {
    for (const { call, over } of windowed(query, RATES)) {
      if (kindOf(query, over) !== 'gauge') continue;
      const instead = call.name === 'increase' ? 'delta' : call.name === 'rate' ? 'deriv' : 'idelta';
      const isPlain = over.of.kind === 'selector' && !query.recordings.has(over.of.metric ?? '');
      yield {
        at: call,
        wrong: `${call.name}() is for counters, and this is a value that also falls`,
        gives: 'every fall read as a restart from 0, and so as a rise',
        fix: isPlain ? `${instead}() takes a gauge` : 'take it as it is, or avg_over_time() of it',
        ...(isPlain && { edits: [renamed(call, instead)] }),
      };
    }
  },
};

/** `rate(sum by (a) (c)[5m:15s])` as `sum by (a) (rate(c[5m]))`. */
function rateFirst(query: Query, { call, over }: Windowed): Edit[] | undefined {
  const { of } = over;
  if (of.kind !== 'aggregation' || over.modifier || !/^(?:sum|avg|min|max)$/.test(of.name)) return undefined;
  const [counter] = of.args;
  if (counter?.kind !== 'selector') return undefined;
  const grouping = of.grouping ? ` ${query.text({ from: of.grouping.from, to: of.grouping.to })} ` : '';
  const inner = `${call.name}(${query.text(counter)}[${over.window}])`;
  return [{ from: call.from, to: call.to, text: `${of.name}${grouping}(${inner})` }];
}

export const rateOfSum: Rule = {
  id: 'rate-of-sum',
  severity: 'error',
  *check(query) {
    for (const found of windowed(query, RATES)) {
      if (kindOf(query, found.over) !== 'sum of counters') continue;
      const edits = rateFirst(query, found);
      yield {
        at: found.call,
        wrong: `${found.call.name}() of a sum does not see which process started anew`,
        gives: 'at each restart a jump as high as all that the others have counted',
        fix: 'rate first, then sum',
        ...(edits && { edits }),
      };
    }
  },
};

export const deltaOnCounter: Rule = {
  id: 'delta-on-counter',
  severity: 'error',
  *check(query) {
    for (const { call, over } of windowed(query, /^(?:delta|idelta|deriv)$/)) {
      const kind = kindOf(query, over);
      if (kind !== 'counter' && kind !== 'sum of counters') continue;
      const instead = { delta: 'increase', idelta: 'irate', deriv: 'rate' }[call.name] ?? 'increase';
      // A few gauges are called `_total` as well.
      const isSure = selectorsIn(over).every(({ metric = '' }) => isKnown(query, metric));
      yield {
        at: call,
        wrong: `${call.name}() is for gauges, and this is a counter${isSure ? '' : ' by its name'}`,
        gives: 'a negative number after each restart',
        fix: `${instead}() knows of restarts`,
        edits: [renamed(call, instead)],
        ...(!isSure && { severity: 'warning' as const }),
      };
    }
  },
};

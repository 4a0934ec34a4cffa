import { kindOf } from '../kind-of.js';
import { isCall, RATES } from '../nodes.js';
import type { Edit, Problem, Query, Rule } from '../query.js';
import type { Call, Node, Range, Subquery } from '../syntax.js';

const OVER_TWO_SAMPLES = /^(?:rate|irate|increase|delta|idelta|deriv|predict_linear)$/;

interface Windowed {
  call: Call;
  over: Range | Subquery;
}

function* windowed({ nodes }: Query, names: RegExp): Generator<Windowed> {
  for (const call of nodes.filter((node): node is Call => isCall(node, names))) {
    const over = call.args.find((one): one is Range | Subquery => one.kind === 'range' || one.kind === 'subquery');
    if (over) yield { call, over };
  }
}

const renamed = ({ nameSpan }: Call, text: string): Edit => ({ ...nameSpan, text });

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
      yield {
        at: call,
        wrong: `${call.name}() is for gauges, and this is a counter`,
        gives: 'a negative number after each restart',
        fix: `${instead}() knows of restarts`,
        edits: [renamed(call, instead)],
      };
    }
  },
};

/** How often the samples come that a window holds. */
const intervalOf = ({ over }: Windowed, { scrapeIntervalSeconds }: Query): number | undefined =>
  over.kind === 'range' ? scrapeIntervalSeconds : over.stepSeconds;

const spelled = (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`);

/** Another window between the brackets. */
function rewindowed({ expr }: Query, { of, window }: Range | Subquery, text: string): Edit {
  const from = expr.indexOf(window, of.outer.to);
  return { from, to: from + window.length, text };
}

function windowProblem(query: Query, found: Windowed): Problem | undefined {
  const { call, over } = found;
  const interval = intervalOf(found, query);
  if (/\$\{?__interval\b(?!_)/.test(over.window)) {
    return {
      at: over,
      wrong: "Grafana's $__interval can be shorter than a scrape",
      gives: 'gaps, or no data, when one zooms in',
      fix: '$__rate_interval is at least four scrapes',
      edits: [rewindowed(query, over, '$__rate_interval')],
      severity: 'warning',
    };
  }
  if (over.seconds === undefined || interval === undefined || over.seconds >= 4 * interval) return undefined;
  const least = spelled(4 * interval);
  const isHopeless = over.seconds <= interval;
  const isLucky = over.seconds < 2 * interval;
  const holds = isHopeless ? 'one scrape' : isLucky ? 'one scrape or two' : 'few scrapes';
  return {
    at: over,
    wrong: `${over.window} holds ${holds} at one every ${interval} s, and ${call.name}() needs two`,
    gives: isHopeless
      ? 'no data in Prometheus 3, and in 2 by luck'
      : isLucky
        ? 'data by luck'
        : 'a gap when a scrape fails or is late',
    fix: `at least four scrapes: [${least}]`,
    severity: isLucky ? 'error' : 'warning',
    ...(over.kind === 'range' && { edits: [rewindowed(query, over, least)] }),
  };
}

export const rateWindow: Rule = {
  id: 'rate-window',
  severity: 'warning',
  *check(query) {
    for (const found of windowed(query, OVER_TWO_SAMPLES)) {
      const problem = windowProblem(query, found);
      if (problem) yield problem;
    }
  },
};

/** Factors of a product, `a * b * c`; a divisor is none. */
function factorsOf(node: Node): Node[] {
  if (node.kind !== 'binary' || !/^[*/]$/.test(node.operator)) return [node];
  return node.operator === '*' ? [...factorsOf(node.left), ...factorsOf(node.right)] : factorsOf(node.left);
}

/** The rate that a value is, through sums. */
function rateIn(node: Node): Call | undefined {
  if (isCall(node, /^i?rate$/)) return node;
  return node.kind === 'aggregation' && /^(?:sum|avg|max|min)$/.test(node.name) && node.args[0]
    ? rateIn(node.args[0])
    : undefined;
}

const PER_DAY = 86_400;
/** What people multiply with who take a rate for one per hour, per minute or per day: the seconds that they mean. */
const MEANT_SECONDS: Record<number, number> = {
  24: PER_DAY,
  168: 7 * PER_DAY,
  720: 30 * PER_DAY,
  730: 30.4167 * PER_DAY,
  744: 31 * PER_DAY,
  8760: 365 * PER_DAY,
  1440: PER_DAY,
  30: 30 * PER_DAY,
  31: 31 * PER_DAY,
  365: 365 * PER_DAY,
};

export const perSecondRate: Rule = {
  id: 'per-second-rate',
  severity: 'error',
  *check(query) {
    const inner = new Set(query.nodes.flatMap((node) => (node.kind === 'binary' ? [node.left, node.right] : [])));
    for (const node of query.nodes) {
      // The whole product, not a part of it.
      if (node.kind !== 'binary' || node.operator !== '*' || isPartOfProduct(query, node, inner)) continue;
      const factors = factorsOf(node);
      const rates = factors.map(rateIn).filter((one) => one !== undefined);
      const numbers = factors.filter((one) => one.kind === 'number');
      const times = numbers
        .map((one) => (one.kind === 'number' ? one.value : 1))
        .filter((value) => Number.isInteger(value));
      const product = times.reduce((a, b) => a * b, 1);
      const seconds = MEANT_SECONDS[product];
      const [rate] = rates;
      if (rates.length !== 1 || !rate || !seconds) continue;
      yield perSecondProblem(node, rate, numbers, product, seconds);
    }
  },
};

const isPartOfProduct = ({ nodes }: Query, node: Node, inner: ReadonlySet<Node>) =>
  inner.has(node) &&
  nodes.some((one) => one.kind === 'binary' && one.operator === '*' && (one.left === node || one.right === node));

function perSecondProblem(node: Node, rate: Call, numbers: Node[], product: number, seconds: number): Problem {
  const over = rate.args.find((one): one is Range => one.kind === 'range');
  const [only] = numbers;
  // An hour's increase times 24 says more to a reader than a rate times 86400.
  const hourly = product % 24 === 0 && over?.seconds === 3600 && product * 3600 === seconds;
  const edits = hourly
    ? [renamed(rate, 'increase')]
    : numbers.length === 1 && only
      ? [{ ...only.outer, text: String(Math.round(seconds)) }]
      : undefined;
  const factor = Math.round(seconds / product);
  return {
    at: node,
    wrong: `${rate.name}() is per second, whatever its window, and ${product} takes it for another`,
    gives: `a value ${factor} times too small`,
    fix: hourly ? `increase() over an hour times ${product}` : `times ${Math.round(seconds)}`,
    ...(edits && { edits }),
  };
}

import type { Edit, Problem, Query, Rule } from '../analysis/query.js';
import type { Range, Subquery } from '../syntax/ast.js';
import { type Windowed, windowed } from './windowed.js';

const OVER_TWO_SAMPLES = /^(?:rate|irate|increase|delta|idelta|deriv|predict_linear)$/;

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

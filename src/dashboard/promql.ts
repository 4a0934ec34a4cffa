import { catalogue } from '../m2_3_monitoring/metrics/catalogue.js';

// The expressions that rules and panels share. `selector` narrows the series ({job=~"$job"} on the dashboard, nothing in a
// rule); `window` is a PromQL duration of at least four scrapes; `by` is what is told apart.

const name = Object.fromEntries(Object.entries(catalogue).map(([key, metric]) => [key, metric.name])) as {
  [Key in keyof typeof catalogue]: (typeof catalogue)[Key]['name'];
};

/** Outcomes that are the service's fault; a caller that hung up (`aborted`) is none. */
const FAILED = 'status=~"error|rate_limited|timeout"';

export interface Scope {
  selector?: string;
  window: string;
  by?: readonly string[];
}

const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(', ');
const sumBy = (labels: readonly string[]) => (labels.length === 0 ? 'sum' : `sum by (${labels.join(', ')}) `);

/** A counter's sum per second: rate first, then sum, or a restart would read as a jump. */
function rate(metric: string, { selector, window, by = [] }: Scope, matcher?: string): string {
  const matchers = join(matcher, selector);
  return `${sumBy(by)}(rate(${metric}${matchers && `{${matchers}}`}[${window}]))`;
}

/** A quantile over all instances: buckets are summed first, `le` is kept. */
function quantile(q: number, metric: string, { selector, window, by = [] }: Scope): string {
  return `histogram_quantile(${q}, ${rate(`${metric}_bucket`, { selector, window, by: [...by, 'le'] })})`;
}

/** A part of a whole. Both sides keep the same labels; `guard` is ` > 0` where no traffic shall show as no data. */
const ratio = (part: string, whole: string, guard = '') => `${part} / ${guard ? `(${whole}${guard})` : whole}`;

export const queryLatency = (q: number, scope: Scope) => quantile(q, name.queryLatency, scope);
export const relevance = (q: number, scope: Scope) => quantile(q, name.relevanceScore, scope);
export const contextPrecision = (q: number, scope: Scope) => quantile(q, name.contextPrecision, scope);
export const requestRate = (scope: Scope) => rate(name.requestsTotal, scope);
export const failureRate = (scope: Scope) => rate(name.requestsTotal, scope, FAILED);
export const inputTokenRate = (scope: Scope) => rate(`${name.inputTokens}_sum`, scope);
export const outputTokenRate = (scope: Scope) => rate(`${name.outputTokens}_sum`, scope);

export const errorRatio = (scope: Scope, guard = '') => ratio(failureRate(scope), requestRate(scope), guard);

/** Hits of all lookups in the window; the gauge `rag_cache_hit_rate` counts since the start and hides an outage. */
export function cacheHitRatio(scope: Scope, guard = ''): string {
  const lookups = `${rate(name.cacheHits, scope)} + ${rate(name.cacheMisses, scope)}`;
  return `${rate(name.cacheHits, scope)} / (${guard ? `(${lookups})${guard}` : lookups})`;
}

export const meanQueryCost = (scope: Scope) =>
  ratio(rate(`${name.queryCost}_sum`, scope), rate(`${name.queryCost}_count`, scope), ' > 0');

const increase = (metric: string, scope: Scope, matcher?: string) =>
  rate(metric, scope, matcher).replace('(rate(', '(increase(');

export const spend = (scope: Scope) => increase(name.totalCost, scope);
export const requests = (scope: Scope) => increase(name.requestsTotal, scope);
export const errors = (scope: Scope) => increase(name.errorsTotal, scope);
export const cacheLookups = (scope: Scope) =>
  `${increase(name.cacheHits, scope)} + ${increase(name.cacheMisses, scope)}`;

export const activeRequests = (selector: string) => `sum(${name.activeRequests}{${selector}})`;

/** The least of all instances: the provider counts for the account, and the last one to ask knows best. */
export const rateLimitRemaining = (by: readonly string[], selector = '') =>
  `min by (${by.join(', ')}) (${name.rateLimitRemaining}${selector && `{${selector}}`})`;

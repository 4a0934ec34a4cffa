import { checkFacts, type QueryFacts } from './check-facts.js';
import { findFacts, type RawFacts } from './find-facts.js';
import type { RawUsage, UsageKey } from './provider-usage.js';

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

const thereIn = <Values extends object>(values: Values): Partial<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => isThere(value))) as Partial<Values>;

/** Usage is cumulative in every client: the last value counts, nothing is added, and a known value is not unlearned. */
const mergeUsage = (known: RawUsage | undefined, next: RawUsage | undefined): RawUsage | undefined =>
  known && next ? { ...known, ...thereIn(next) } : (next ?? known);

/** Most chunks are pieces of the output and name the model at most. */
const isNews = ({ usage, relevance, precision, cached }: RawFacts): boolean =>
  (usage ?? relevance ?? precision ?? cached) !== undefined;

/** What the chunks of a stream say together. The first model that is named has answered; of all else the last value counts. */
export const mergeFacts = (known: RawFacts, next: RawFacts): RawFacts =>
  known.model !== undefined && !isNews(next) ? known : merge(known, next);

const merge = (known: RawFacts, next: RawFacts): RawFacts => ({
  usage: mergeUsage(known.usage, next.usage),
  model: known.model ?? next.model,
  relevance: next.relevance ?? known.relevance,
  precision: next.precision ?? known.precision,
  cached: next.cached ?? known.cached,
});

/** What a stream returned in the end wins over what its chunks said. */
export const overrideFacts = (streamed: QueryFacts, returned: QueryFacts): QueryFacts => ({
  ...streamed,
  ...thereIn(returned),
  cached: streamed.cached || returned.cached,
});

const ADDED: readonly UsageKey[] = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'reasoningTokens'];

/** The usage of several completions that made up one call, each complete in itself. */
export function sumUsages(completions: readonly unknown[]): RawUsage {
  const facts = completions.map((completion) => checkFacts(findFacts(completion), () => undefined));
  const total = (key: UsageKey) => facts.reduce((sum, { [key]: count }) => sum + (count ?? 0), 0);
  return Object.fromEntries(ADDED.map((key) => [key, total(key)]));
}

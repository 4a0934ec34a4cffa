import type { DropReason } from './catalogue.js';
import type { Drop } from './metrics.js';
import { isObject, peek, read, UNREADABLE } from './safe-read.js';
import {
  DIALECTS,
  type Dialect,
  type NormalisedUsage,
  type Path,
  type ResultNumber,
  type UsageKey,
} from './usage-dialects.js';

const dialectOf = (usage: object): Dialect | undefined =>
  DIALECTS.find(({ signs }) => signs.some((sign) => read(usage, sign) !== undefined));

/** Where results, chunks and events of the known clients keep their usage. */
const PLACES: readonly Path[] = [
  ['totalUsage'],
  ['usage'],
  ['usageMetadata'],
  ['response', 'usage'],
  ['message', 'usage'],
];

const follow = (value: unknown, path: Path): unknown => path.reduce((found, key) => read(found, key), value);

/** The raw usage object in a result, a chunk or an event; undefined where it has none. */
export function findUsage(value: unknown): object | undefined {
  if (!isObject(value)) return undefined;
  for (const path of PLACES) {
    const usage = follow(value, path);
    if (isObject(usage) && dialectOf(usage)) return usage;
  }
  return dialectOf(value) ? value : undefined;
}

/** Why a value cannot be recorded; undefined where it can. */
export function reasonToDrop(value: unknown, max: number): DropReason | undefined {
  if (value === UNREADABLE) return 'unreadable';
  if (typeof value !== 'number') return 'not_a_number';
  if (!Number.isFinite(value)) return 'not_finite';
  if (value < 0) return 'negative';
  return value > max ? 'out_of_range' : undefined;
}

/** Checks a value; a bad one is counted under its field. */
export function checkedNumber(field: string, value: unknown, drop: Drop, max = Number.MAX_SAFE_INTEGER): ResultNumber {
  if (value === undefined || value === null) return undefined;
  const reason = reasonToDrop(value, max);
  if (reason) drop(field, reason);
  return reason ? null : (value as number);
}

/** The fields' names in `rag_dropped_values_total`. */
const FIELD_NAMES: Record<UsageKey, string> = {
  inputTokens: 'input_tokens',
  cachedInputTokens: 'cached_input_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  cacheWrite1hTokens: 'cache_write_1h_tokens',
  outputTokens: 'output_tokens',
  reasoningTokens: 'reasoning_tokens',
  costUsd: 'cost_usd',
};

function readNumber(usage: object, paths: readonly Path[], key: UsageKey, drop: Drop, max?: number): ResultNumber {
  const found = paths.map((path) => follow(usage, path)).find((value) => value !== undefined && value !== null);
  return checkedNumber(FIELD_NAMES[key], found, drop, max);
}

const plus = (...numbers: ResultNumber[]): number => numbers.reduce<number>((sum, number) => sum + (number ?? 0), 0);

/** Output with its reasoning; there may be reasoning alone, where a model was stopped while it thought. */
const wholeOutput = (output: ResultNumber, reasoning: ResultNumber): ResultNumber =>
  typeof output === 'number' || typeof reasoning === 'number' ? plus(output, reasoning) : output;

/** Anthropic's total of cache writes holds those for an hour; where it says nothing of the five-minute ones, they are the rest. */
function shortWrites(usage: object, writes: ResultNumber, hourly: ResultNumber): ResultNumber {
  const told = follow(usage, ['cache_creation', 'ephemeral_5m_input_tokens']);
  if (typeof told === 'number' || typeof writes !== 'number' || typeof hourly !== 'number') return writes;
  return read(usage, 'cache_creation_input_tokens') === writes ? Math.max(0, writes - hourly) : writes;
}

/** Puts any provider's usage into one form. Never throws; a bad value, or a part larger than its whole, is dropped and counted. */
export function normaliseUsage(usage: object, drop: Drop): NormalisedUsage {
  const dialect = dialectOf(usage);
  if (!dialect) return {};
  const number = (key: UsageKey, max?: number) => readNumber(usage, dialect[key] ?? [], key, drop, max);
  const input = number('inputTokens');
  const output = number('outputTokens');
  const inputMax = dialect.inputExcludesCache ? undefined : (input ?? undefined);
  const cachedInputTokens = number('cachedInputTokens', inputMax);
  const cacheWrite1hTokens = number('cacheWrite1hTokens', inputMax);
  const cacheWriteTokens = shortWrites(usage, number('cacheWriteTokens', inputMax), cacheWrite1hTokens);
  const reasoningTokens = number(
    'reasoningTokens',
    dialect.outputExcludesReasoning ? undefined : (output ?? undefined),
  );
  const cacheTokens = plus(cachedInputTokens, cacheWriteTokens, cacheWrite1hTokens);
  return {
    inputTokens: dialect.inputExcludesCache && typeof input === 'number' ? input + cacheTokens : input,
    cachedInputTokens,
    cacheWriteTokens,
    cacheWrite1hTokens,
    outputTokens: dialect.outputExcludesReasoning ? wholeOutput(output, reasoningTokens) : output,
    reasoningTokens,
    costUsd: number('costUsd'),
  };
}

const ADDED: readonly UsageKey[] = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'reasoningTokens'];

/** The usage of several completions that made up one call, each complete in itself. */
export function sumUsages(completions: readonly unknown[]): object {
  const usages = completions.map(findUsage).filter((usage) => usage !== undefined);
  const normalised = usages.map((usage) => normaliseUsage(usage, () => undefined));
  return Object.fromEntries(ADDED.map((key) => [key, plus(...normalised.map((usage) => usage[key]))]));
}

/** The name of the answering model in a result, a chunk or an event. */
export function findModel(value: unknown): string | undefined {
  const places = [peek(value, 'model'), peek(peek(value, 'response'), 'modelId'), peek(value, 'modelVersion')];
  places.push(peek(peek(value, 'message'), 'model'), peek(peek(value, 'response'), 'model'));
  return places.find((model): model is string => typeof model === 'string' && model !== '');
}

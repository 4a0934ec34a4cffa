import type { DropReason } from './catalogue.js';
import type { Drop } from './metrics.js';
import { isObject, peek, read, UNREADABLE } from './safe-read.js';

/** A number of a result; undefined where it had none, null where it had a bad one, which is counted already. */
export type ResultNumber = number | null | undefined;

/** What a call used, in one form for every provider. Cached, written and reasoning tokens are parts of the totals. */
export interface NormalisedUsage {
  /** All input tokens: those read from and written to the provider's cache included. */
  inputTokens?: ResultNumber;
  cachedInputTokens?: ResultNumber;
  /** Tokens written to the provider's cache for five minutes. */
  cacheWriteTokens?: ResultNumber;
  /** Tokens written to the provider's cache for an hour. */
  cacheWrite1hTokens?: ResultNumber;
  /** All output tokens: reasoning included. */
  outputTokens?: ResultNumber;
  reasoningTokens?: ResultNumber;
  /** USD, where the provider reports it. */
  costUsd?: ResultNumber;
}

type UsageKey = keyof NormalisedUsage;
/** Where a dialect keeps a number: a path of keys, or several of which the first that is there counts. */
type Path = readonly string[];
type Dialect = Partial<Record<UsageKey, readonly Path[]>> & {
  /** Any of these keys gives the dialect away. */
  signs: readonly string[];
  /** The input tokens leave out what was read from and written to the cache. */
  inputExcludesCache?: true;
  /** The output tokens leave out reasoning. */
  outputExcludesReasoning?: true;
};

// In this order: the keys of the lesson are the poorest, and part of others.
const DIALECTS: readonly Dialect[] = [
  {
    // OpenAI Chat Completions, and the many servers that speak it; some report a cost (OpenRouter).
    signs: ['prompt_tokens', 'completion_tokens'],
    inputTokens: [['prompt_tokens']],
    cachedInputTokens: [['prompt_tokens_details', 'cached_tokens']],
    cacheWriteTokens: [['prompt_tokens_details', 'cache_write_tokens']],
    outputTokens: [['completion_tokens']],
    reasoningTokens: [['completion_tokens_details', 'reasoning_tokens']],
    costUsd: [['cost']],
  },
  {
    // Anthropic Messages.
    signs: ['cache_read_input_tokens', 'cache_creation_input_tokens'],
    inputExcludesCache: true,
    inputTokens: [['input_tokens']],
    cachedInputTokens: [['cache_read_input_tokens']],
    cacheWriteTokens: [['cache_creation', 'ephemeral_5m_input_tokens'], ['cache_creation_input_tokens']],
    cacheWrite1hTokens: [['cache_creation', 'ephemeral_1h_input_tokens']],
    outputTokens: [['output_tokens']],
  },
  {
    // Gemini.
    signs: ['promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount'],
    outputExcludesReasoning: true,
    inputTokens: [['promptTokenCount']],
    cachedInputTokens: [['cachedContentTokenCount']],
    outputTokens: [['candidatesTokenCount']],
    reasoningTokens: [['thoughtsTokenCount']],
  },
  {
    // OpenAI Responses, the Vercel AI SDK, and the keys of the lesson.
    signs: ['input_tokens', 'output_tokens', 'inputTokens', 'outputTokens', 'cost_usd', 'costUsd'],
    inputTokens: [['input_tokens'], ['inputTokens']],
    cachedInputTokens: [
      ['input_tokens_details', 'cached_tokens'],
      ['inputTokenDetails', 'cacheReadTokens'],
      ['cachedInputTokens'],
    ],
    cacheWriteTokens: [
      ['input_tokens_details', 'cache_write_tokens'],
      ['inputTokenDetails', 'cacheWriteTokens'],
      ['cacheWriteTokens'],
    ],
    cacheWrite1hTokens: [['cacheWrite1hTokens']],
    outputTokens: [['output_tokens'], ['outputTokens']],
    reasoningTokens: [
      ['output_tokens_details', 'reasoning_tokens'],
      ['outputTokenDetails', 'reasoningTokens'],
      ['reasoningTokens'],
    ],
    costUsd: [['cost_usd'], ['costUsd'], ['cost']],
  },
];

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

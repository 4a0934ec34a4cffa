import { UNREADABLE } from '../interop/safe-read.js';
import type { Drop, DropReason } from '../metrics/catalogue.js';
import type { RawFacts } from './find-facts.js';
import type { NormalisedUsage, RawUsage, ResultNumber } from './provider-usage.js';

/** What is known of a call that has ended: one flat object, whatever the client. */
export interface QueryFacts extends NormalisedUsage {
  model?: string | undefined;
  /** 0 to 1. */
  relevanceScore?: ResultNumber;
  /** 0 to 1. */
  contextPrecision?: ResultNumber;
  /** Answered from a cache of the service: no tokens were bought. */
  cached: boolean;
}

function reasonToDrop(value: unknown): DropReason {
  if (value === UNREADABLE) return 'unreadable';
  if (typeof value !== 'number') return 'not_a_number';
  if (!Number.isFinite(value)) return 'not_finite';
  return value < 0 ? 'negative' : 'out_of_range';
}

/** Checks a value; a bad one is counted under its field. */
function checkNumber(field: string, value: unknown, drop: Drop, max = Number.MAX_SAFE_INTEGER): ResultNumber {
  if (typeof value === 'number' && value >= 0 && value <= max) return value;
  if (value === undefined || value === null) return undefined;
  drop(field, reasonToDrop(value));
  return null;
}

const plus = (...numbers: ResultNumber[]): number => numbers.reduce<number>((sum, number) => sum + (number ?? 0), 0);

/** Output with its reasoning; there may be reasoning alone, where a model was stopped while it thought. */
const wholeOutput = (output: ResultNumber, reasoning: ResultNumber): ResultNumber =>
  typeof output === 'number' || typeof reasoning === 'number' ? plus(output, reasoning) : output;

/** The five-minute cache writes, where a total holds those for an hour too. */
const shortWrites = (writesHoldHourly: boolean, writes: ResultNumber, hourly: ResultNumber): ResultNumber =>
  writesHoldHourly && typeof writes === 'number' && typeof hourly === 'number' ? Math.max(0, writes - hourly) : writes;

/** Puts any provider's usage into one form; a part that is larger than its whole is dropped, as any bad value is. */
function checkUsage(raw: RawUsage, facts: QueryFacts, drop: Drop): void {
  const { inputExcludesCache, outputExcludesReasoning, writesHoldHourly = false } = raw;
  const input = checkNumber('input_tokens', raw.inputTokens, drop);
  const output = checkNumber('output_tokens', raw.outputTokens, drop);
  const inputMax = inputExcludesCache ? undefined : (input ?? undefined);
  const outputMax = outputExcludesReasoning ? undefined : (output ?? undefined);
  const cached = checkNumber('cached_input_tokens', raw.cachedInputTokens, drop, inputMax);
  const hourly = checkNumber('cache_write_1h_tokens', raw.cacheWrite1hTokens, drop, inputMax);
  const writes = checkNumber('cache_write_tokens', raw.cacheWriteTokens, drop, inputMax);
  const short = shortWrites(writesHoldHourly, writes, hourly);
  const reasoning = checkNumber('reasoning_tokens', raw.reasoningTokens, drop, outputMax);
  facts.inputTokens = inputExcludesCache && typeof input === 'number' ? input + plus(cached, short, hourly) : input;
  facts.cachedInputTokens = cached;
  facts.cacheWriteTokens = short;
  facts.cacheWrite1hTokens = hourly;
  facts.outputTokens = outputExcludesReasoning ? wholeOutput(output, reasoning) : output;
  facts.reasoningTokens = reasoning;
  facts.costUsd = checkNumber('cost_usd', raw.costUsd, drop);
}

/** Checks what was found. Never throws; a bad value is dropped, and counted under its field. */
export function checkFacts({ usage, model, relevance, precision, cached }: RawFacts, drop: Drop): QueryFacts {
  const facts: QueryFacts = {
    inputTokens: undefined,
    cachedInputTokens: undefined,
    cacheWriteTokens: undefined,
    cacheWrite1hTokens: undefined,
    outputTokens: undefined,
    reasoningTokens: undefined,
    costUsd: undefined,
    model,
    relevanceScore: checkNumber('relevance_score', relevance, drop, 1),
    contextPrecision: checkNumber('context_precision', precision, drop, 1),
    cached: cached === true,
  };
  if (usage !== undefined) checkUsage(usage, facts, drop);
  return facts;
}

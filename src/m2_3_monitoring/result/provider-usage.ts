import { type Fields, within } from '../interop/safe-read.js';

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

/** A number that a usage may have. */
export type UsageKey = keyof NormalisedUsage;

/** A usage as a provider reports it, in one form, before anything in it was checked. */
export interface RawUsage extends Partial<Record<UsageKey, unknown>> {
  /** The input tokens leave out what was read from and written to the cache. */
  inputExcludesCache?: true;
  /** The output tokens leave out reasoning. */
  outputExcludesReasoning?: true;
  /** The tokens written to the cache hold those that were written for an hour. */
  writesHoldHourly?: boolean;
}

/** Reads a usage by one provider's names; undefined where it has none of the names that give the provider away. */
type Dialect = (usage: Fields) => RawUsage | undefined;

/** Chat Completions, and the many servers that speak it; some report a cost (OpenRouter). */
const openAiChat: Dialect = ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  prompt_tokens_details,
  completion_tokens_details,
  cost: costUsd,
}) => {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const { cached_tokens: cachedInputTokens, cache_write_tokens: cacheWriteTokens } = within(prompt_tokens_details);
  const { reasoning_tokens: reasoningTokens } = within(completion_tokens_details);
  return { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens, costUsd };
};

const anthropic: Dialect = ({
  input_tokens: inputTokens,
  cache_read_input_tokens: cachedInputTokens,
  cache_creation_input_tokens: writes,
  cache_creation,
  output_tokens: outputTokens,
}) => {
  if (cachedInputTokens === undefined && writes === undefined) return undefined;
  const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: cacheWrite1hTokens } = within(cache_creation);
  return {
    inputExcludesCache: true,
    inputTokens,
    cachedInputTokens,
    cacheWriteTokens: short ?? writes,
    // Where it says nothing of the five-minute ones, they are the rest.
    writesHoldHourly: short === undefined || short === null,
    cacheWrite1hTokens,
    outputTokens,
  };
};

const gemini: Dialect = ({
  promptTokenCount: inputTokens,
  cachedContentTokenCount: cachedInputTokens,
  candidatesTokenCount: outputTokens,
  thoughtsTokenCount: reasoningTokens,
}) => {
  if (inputTokens === undefined && outputTokens === undefined && reasoningTokens === undefined) return undefined;
  return { outputExcludesReasoning: true, inputTokens, cachedInputTokens, outputTokens, reasoningTokens };
};

/** OpenAI Responses and the keys of the lesson; the Vercel AI SDK, with the same in camelCase. */
const responses: Dialect = (usage) => {
  const { input_tokens, inputTokens, output_tokens, outputTokens, cost_usd, costUsd } = usage;
  if ((input_tokens ?? inputTokens ?? output_tokens ?? outputTokens ?? cost_usd ?? costUsd) === undefined)
    return undefined;
  const { input_tokens_details, inputTokenDetails, cachedInputTokens, cacheWriteTokens, cacheWrite1hTokens } = usage;
  const { output_tokens_details, outputTokenDetails, reasoningTokens, cost } = usage;
  const snake = within(input_tokens_details);
  const camel = within(inputTokenDetails);
  return {
    inputTokens: input_tokens ?? inputTokens,
    cachedInputTokens: snake.cached_tokens ?? camel.cacheReadTokens ?? cachedInputTokens,
    cacheWriteTokens: snake.cache_write_tokens ?? camel.cacheWriteTokens ?? cacheWriteTokens,
    cacheWrite1hTokens,
    outputTokens: output_tokens ?? outputTokens,
    reasoningTokens:
      within(output_tokens_details).reasoning_tokens ?? within(outputTokenDetails).reasoningTokens ?? reasoningTokens,
    costUsd: cost_usd ?? costUsd ?? cost,
  };
};

/** Reads a usage in whatever dialect it is; undefined where it is none. Throws what a field of it throws. */
export const readUsage: Dialect = (usage) =>
  // In this order: the keys of the lesson are the poorest, and part of others.
  openAiChat(usage) ?? anthropic(usage) ?? gemini(usage) ?? responses(usage);

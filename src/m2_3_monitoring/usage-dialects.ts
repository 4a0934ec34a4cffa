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
/** Where a dialect keeps a number: a path of keys, or several of which the first that is there counts. */
export type Path = readonly string[];
/** One provider's way to report usage. */
export type Dialect = Partial<Record<UsageKey, readonly Path[]>> & {
  /** Any of these keys gives the dialect away. */
  signs: readonly string[];
  /** The input tokens leave out what was read from and written to the cache. */
  inputExcludesCache?: true;
  /** The output tokens leave out reasoning. */
  outputExcludesReasoning?: true;
};

// In this order: the keys of the lesson are the poorest, and part of others.
export const DIALECTS: readonly Dialect[] = [
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

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
  outputExcludesReasoning?: boolean;
  /** The tokens written to the cache hold those that were written for an hour. */
  writesHoldHourly?: boolean;
}

/** Reads a usage by one provider's names; undefined where it has none of the names that give the provider away. */
type Dialect = (usage: Fields) => RawUsage | undefined;

/** The sum of what is there; undefined where nothing is, and what is no number stays as it is, to be refused. */
function sum(one: unknown, other: unknown): unknown {
  if (other === undefined || other === null) return one;
  if (one === undefined || one === null) return other;
  return typeof one === 'number' && typeof other === 'number' ? one + other : one;
}

/** OpenAI's Chat Completions, and the many servers that speak it; OpenRouter reports a cost. */
const openAiChat: Dialect = (usage) => {
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens, prompt_tokens_details, cost: costUsd } = usage;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const { cached_tokens: cachedInputTokens, cache_write_tokens: cacheWriteTokens } = within(prompt_tokens_details);
  const { reasoning_tokens: reasoningTokens } = within(usage.completion_tokens_details);
  // xAI bills reasoning beside the output: its total tells the two forms apart.
  const outputExcludesReasoning =
    typeof reasoningTokens === 'number' &&
    reasoningTokens > 0 &&
    usage.total_tokens === Number(inputTokens) + Number(outputTokens) + reasoningTokens;
  return {
    inputTokens,
    cachedInputTokens,
    cacheWriteTokens,
    outputTokens,
    reasoningTokens,
    outputExcludesReasoning,
    costUsd,
  };
};

const anthropic: Dialect = (usage) => {
  const { cache_read_input_tokens: cachedInputTokens, cache_creation_input_tokens: writes, cache_creation } = usage;
  if (cachedInputTokens === undefined && writes === undefined) return undefined;
  const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: cacheWrite1hTokens } = within(cache_creation);
  return {
    inputExcludesCache: true,
    inputTokens: usage.input_tokens,
    cachedInputTokens,
    cacheWriteTokens: short ?? writes,
    // Where it says nothing of the five-minute ones, they are the rest.
    writesHoldHourly: short === undefined || short === null,
    cacheWrite1hTokens,
    outputTokens: usage.output_tokens,
  };
};

const gemini: Dialect = (usage) => {
  const { promptTokenCount, candidatesTokenCount: outputTokens, thoughtsTokenCount: reasoningTokens } = usage;
  if (promptTokenCount === undefined && outputTokens === undefined && reasoningTokens === undefined) return undefined;
  return {
    outputExcludesReasoning: true,
    // What tools have given to the model is billed as input, and is no part of the prompt.
    inputTokens: sum(promptTokenCount, usage.toolUsePromptTokenCount),
    cachedInputTokens: usage.cachedContentTokenCount,
    outputTokens,
    reasoningTokens,
  };
};

/** Bedrock's Converse: camelCase as in the AI SDK, and the input leaves out the cache as with Anthropic. */
const bedrock: Dialect = (usage) => {
  const { cacheReadInputTokens: cachedInputTokens, cacheWriteInputTokens: writes, inputTokens, outputTokens } = usage;
  if (cachedInputTokens === undefined && writes === undefined) return undefined;
  const details = Array.isArray(usage.cacheDetails) ? (usage.cacheDetails as Fields[]) : [];
  const hourly = details.find(({ ttl }) => ttl === '1h')?.inputTokens;
  const cache = { cachedInputTokens, cacheWriteTokens: writes, cacheWrite1hTokens: hourly };
  return { inputExcludesCache: true, writesHoldHourly: true, inputTokens, outputTokens, ...cache };
};

/** OpenAI Responses and the keys of the lesson; the Vercel AI SDK, with the same in camelCase; LangChain. */
const responses: Dialect = (usage) => {
  const { input_tokens, inputTokens, output_tokens, outputTokens, cost_usd, costUsd } = usage;
  const known = input_tokens ?? inputTokens ?? output_tokens ?? outputTokens ?? cost_usd ?? costUsd;
  if (known === undefined || known === null) return undefined;
  const snake = within(usage.input_tokens_details ?? usage.input_token_details);
  const camel = within(usage.inputTokenDetails);
  const written = snake.cache_write_tokens ?? snake.cache_creation;
  const output = within(usage.output_tokens_details ?? usage.output_token_details);
  const reasoning = output.reasoning_tokens ?? output.reasoning;
  return {
    inputTokens: input_tokens ?? inputTokens,
    cachedInputTokens: snake.cached_tokens ?? snake.cache_read ?? camel.cacheReadTokens ?? usage.cachedInputTokens,
    cacheWriteTokens: written ?? camel.cacheWriteTokens ?? usage.cacheWriteTokens,
    cacheWrite1hTokens: usage.cacheWrite1hTokens,
    outputTokens: output_tokens ?? outputTokens,
    reasoningTokens: reasoning ?? within(usage.outputTokenDetails).reasoningTokens ?? usage.reasoningTokens,
    costUsd: cost_usd ?? costUsd ?? usage.cost,
  };
};

/** Mistral's client, which gives OpenAI's names in camelCase; LlamaIndex does so too. */
const mistral: Dialect = ({ promptTokens: inputTokens, completionTokens: outputTokens, promptTokensDetails }) => {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return { inputTokens, outputTokens, cachedInputTokens: within(promptTokensDetails).cachedTokens };
};

/** Cohere counts more tokens than it bills. */
const cohere: Dialect = (usage) => {
  const billed = within(usage.billedUnits ?? usage.billed_units);
  const inputTokens = billed.inputTokens ?? billed.input_tokens;
  const outputTokens = billed.outputTokens ?? billed.output_tokens;
  return inputTokens === undefined && outputTokens === undefined ? undefined : { inputTokens, outputTokens };
};

const ollama: Dialect = ({ prompt_eval_count: inputTokens, eval_count: outputTokens }) =>
  inputTokens === undefined && outputTokens === undefined ? undefined : { inputTokens, outputTokens };

/** Embeddings: one number, of tokens that were read. Voyage; the AI SDK's `embed` and `embedMany`. */
const embeddings: Dialect = ({ total_tokens, tokens }) => {
  const inputTokens = total_tokens ?? tokens;
  return typeof inputTokens === 'number' ? { inputTokens, outputTokens: 0 } : undefined;
};

/** A form in which usage is reported. */
export interface UsageFormat {
  /** Who reports it. */
  provider: string;
  read: Dialect;
  /** Where the names are documented. */
  source: string;
  /** When they were read there, YYYY-MM-DD. */
  checked: string;
}

/** In this order, for the keys of one are part of another's. A new format is a row here and a recorded answer in the tests. */
export const USAGE_FORMATS: readonly UsageFormat[] = [
  {
    provider: 'OpenAI Chat Completions, Azure, Groq, xAI, DeepSeek, OpenRouter, vLLM',
    read: openAiChat,
    source: 'https://platform.openai.com/docs/api-reference/chat/object',
    checked: '2026-11-28',
  },
  {
    provider: 'Anthropic Messages',
    read: anthropic,
    source: 'https://docs.anthropic.com/en/api/messages',
    checked: '2026-11-28',
  },
  {
    provider: 'Google Gemini',
    read: gemini,
    source: 'https://ai.google.dev/api/generate-content#UsageMetadata',
    checked: '2026-11-28',
  },
  {
    provider: 'Amazon Bedrock Converse',
    read: bedrock,
    source: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html',
    checked: '2026-11-28',
  },
  {
    provider: 'OpenAI Responses, Vercel AI SDK, LangChain, the lesson',
    read: responses,
    source: 'https://platform.openai.com/docs/api-reference/responses/object',
    checked: '2026-11-28',
  },
  { provider: 'Mistral', read: mistral, source: 'https://docs.mistral.ai/api/', checked: '2026-11-28' },
  { provider: 'Cohere', read: cohere, source: 'https://docs.cohere.com/reference/chat', checked: '2026-11-28' },
  {
    provider: 'Ollama',
    read: ollama,
    source: 'https://github.com/ollama/ollama/blob/main/docs/api.md',
    checked: '2026-11-28',
  },
];

/** Reads a usage in whatever format it is; undefined where it is none. Throws what a field of it throws. */
export function readUsage(usage: Fields): RawUsage | undefined {
  for (const { read } of USAGE_FORMATS) {
    const found = read(usage);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As `readUsage`, for what certainly is a usage and nothing else: there one number may be all that it has. */
export const readUsageObject = (usage: Fields): RawUsage | undefined => readUsage(usage) ?? embeddings(usage);

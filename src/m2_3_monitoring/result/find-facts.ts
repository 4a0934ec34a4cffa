/**
 * Reading what a call returned or threw.
 *
 * In: a result, chunks or an error.
 * Out: flat facts: usage, model, scores, status.
 * Must not know: series, prices.
 *
 * @module
 */

import { type Fields, isObject, lookInto, within } from '../interop/safe-read.js';
import { type RawUsage, readUsage, readUsageObject } from './provider-usage.js';

/** What a result, a chunk, an event or an error says about a call, before anything in it was checked. */
export interface RawFacts {
  usage?: RawUsage | undefined;
  model?: string | undefined;
  relevance?: unknown;
  precision?: unknown;
  /** Answered from a cache of the service: no tokens were bought. */
  cached?: unknown;
}

const NO_FACTS: RawFacts = Object.freeze({});

const usageOf = (value: unknown): RawUsage | undefined =>
  isObject(value) ? readUsageObject(value as Fields) : undefined;

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';

const inside = (value: unknown): Fields => within(isObject(value) ? value : undefined);

/**
 * What a client puts around an answer, or beside its usage: a response or message inside an event (OpenAI, Anthropic, the AI
 * SDK), `data` (Mistral), `delta` (Cohere), `x_groq`, `metadata` (Bedrock), `raw` (LlamaIndex), `result` and `body` (results of
 * a batch), `meta` (Cohere's embeddings).
 */
const WRAPPERS = [
  'response',
  'message',
  'data',
  'delta',
  'x_groq',
  'metadata',
  'raw',
  'result',
  'body',
  'meta',
] as const;

/** The parts of a value in which its usage or its model may stand, and the parts of those. */
function* partsOf(fields: Fields, depth = 2): Generator<Fields> {
  for (const key of WRAPPERS) {
    const part = fields[key];
    if (!isObject(part) || Array.isArray(part)) continue;
    yield part as Fields;
    if (depth > 1) yield* partsOf(part as Fields, depth - 1);
  }
}

const usageHere = (fields: Fields): RawUsage | undefined =>
  usageOf(fields.totalUsage) ??
  usageOf(fields.usage) ??
  readUsage(fields) ??
  usageOf(fields.usageMetadata) ??
  usageOf(fields.usage_metadata);

/** The first part that has a usage, and that usage. */
function usageInParts(fields: Fields): { usage: RawUsage; part: Fields } | undefined {
  for (const part of partsOf(fields)) {
    const usage = usageHere(part);
    if (usage !== undefined) return { usage, part };
  }
  return undefined;
}

function nameIn({ model, modelId, modelVersion, model_name }: Fields): string | undefined {
  if (isName(model)) return model;
  if (isName(modelId)) return modelId;
  if (isName(modelVersion)) return modelVersion;
  return isName(model_name) ? model_name : undefined;
}

function factsIn(fields: Fields): RawFacts {
  const here = usageHere(fields);
  const found = here === undefined ? usageInParts(fields) : undefined;
  return {
    usage: here ?? found?.usage,
    // The model that has answered stands beside the usage, or in one of these; LangChain has the second.
    model:
      nameIn(fields) ??
      nameIn(inside(fields.response)) ??
      nameIn(inside(fields.response_metadata)) ??
      nameIn(inside(found?.part)),
    relevance: fields.relevance_score ?? fields.relevanceScore,
    precision: fields.context_precision ?? fields.contextPrecision,
    cached: fields.cached,
  };
}

/** Finds what the metrics need in one pass. Never throws: a field whose getter throws is `UNREADABLE`. */
export const findFacts = (value: unknown): RawFacts => (isObject(value) ? lookInto(value, factsIn) : NO_FACTS);

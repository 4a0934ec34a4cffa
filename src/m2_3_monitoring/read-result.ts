import type { Drop } from './metrics.js';
import { isObject, peek, read } from './safe-read.js';
import { checkedNumber, findModel, findUsage, normaliseUsage } from './usage.js';
import type { NormalisedUsage, ResultNumber } from './usage-dialects.js';

/** What a monitored call told of itself. */
export interface QueryFacts extends NormalisedUsage {
  model?: string;
  /** 0 to 1. */
  relevanceScore?: ResultNumber;
  /** 0 to 1. */
  contextPrecision?: ResultNumber;
  /** Answered from a cache of ours: no tokens were bought. */
  cached: boolean;
}

function readScore(result: object, snake: string, camel: string, drop: Drop): ResultNumber {
  return checkedNumber(snake, read(result, snake) ?? read(result, camel), drop, 1);
}

const isCount = (value: unknown): value is number | undefined =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);
const isScore = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= 1);

const NO_FACTS: QueryFacts = Object.freeze({ cached: false });

/** A thing that may be a stream or a promise, although it looks like data, has one of these. */
interface Suspicious {
  then?: unknown;
  next?: unknown;
  [Symbol.asyncIterator]?: unknown;
}

/**
 * Reads what is data and nothing else: a plain object with the lesson's keys and good values, a text, a number, nothing at
 * all. Nearly every result is, and this takes a tenth of the time of the general way. Undefined where there is anything that
 * needs a closer look: a promise, a stream, an error that was not thrown, usage in another form, a getter that throws.
 */
export function readPlain(result: unknown): QueryFacts | undefined {
  if (typeof result !== 'object' || result === null) return typeof result === 'function' ? undefined : NO_FACTS;
  try {
    return readFields(result);
  } catch {
    return undefined;
  }
}

function readFields(result: object): QueryFacts | undefined {
  if (Object.getPrototypeOf(result) !== Object.prototype) return undefined;
  // They may be inherited, or hidden from the loop below.
  const { then, next, [Symbol.asyncIterator]: iterate } = result as Suspicious;
  if (then !== undefined || next !== undefined || iterate !== undefined) return undefined;
  const fields = result as Record<string, unknown>;
  let input: unknown;
  let output: unknown;
  let relevance: unknown;
  let precision: unknown;
  let model: unknown;
  let cached = false;
  for (const key in fields) {
    switch (key) {
      case 'input_tokens':
      case 'inputTokens':
        input ??= fields[key];
        break;
      case 'output_tokens':
      case 'outputTokens':
        output ??= fields[key];
        break;
      case 'relevance_score':
      case 'relevanceScore':
        relevance ??= fields[key];
        break;
      case 'context_precision':
      case 'contextPrecision':
        precision ??= fields[key];
        break;
      case 'model':
        model = fields[key];
        break;
      case 'cached':
        cached = fields[key] === true;
        break;
      default:
        if (!isHarmless(key)) return undefined;
    }
  }
  if (!isCount(input) || !isCount(output) || !isScore(relevance) || !isScore(precision)) return undefined;
  if (model !== undefined && typeof model !== 'string') return undefined;
  return {
    model: model || undefined,
    inputTokens: input,
    outputTokens: output,
    relevanceScore: relevance,
    contextPrecision: precision,
    cached,
  };
}

/** Keys that may hold usage in another form, or more of it; that streams have; or that say that a response failed. */
const NEEDS_CARE =
  /usage|token|cost|cache|response|message|^(?:next|_emit|baseStream|type|object|status|modelVersion)$/i;
/** Keys of results that were found to need none, a few hundred at most. */
const HARMLESS = new Set<string>(['answer']);
const MAX_HARMLESS = 500;

function isHarmless(key: string): boolean {
  if (HARMLESS.has(key)) return true;
  if (NEEDS_CARE.test(key)) return false;
  if (HARMLESS.size < MAX_HARMLESS) HARMLESS.add(key);
  return true;
}

function readCarefully(result: object, drop: Drop): QueryFacts {
  const usage = findUsage(result);
  const facts: QueryFacts = usage ? (normaliseUsage(usage, drop) as QueryFacts) : { cached: false };
  facts.model = findModel(result);
  facts.relevanceScore = readScore(result, 'relevance_score', 'relevanceScore', drop);
  facts.contextPrecision = readScore(result, 'context_precision', 'contextPrecision', drop);
  facts.cached = peek(result, 'cached') === true;
  return facts;
}

/** Reads what the metrics need from a call's result. Never throws; a bad value is dropped and counted under its key. */
export function readResult(result: unknown, drop: Drop): QueryFacts {
  return readPlain(result) ?? (isObject(result) ? readCarefully(result, drop) : NO_FACTS);
}

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

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isScore = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= 1);

/**
 * Reads a plain object with the lesson's keys and good values: the commonest result, read in a tenth of the time that the
 * general way takes. Undefined where there is anything that needs a closer look.
 */
function readPlain(result: object): QueryFacts | undefined {
  if (Object.getPrototypeOf(result) !== Object.prototype) return undefined;
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
        input = fields[key];
        break;
      case 'output_tokens':
      case 'outputTokens':
        output = fields[key];
        break;
      case 'relevance_score':
      case 'relevanceScore':
        relevance = fields[key];
        break;
      case 'context_precision':
      case 'contextPrecision':
        precision = fields[key];
        break;
      case 'model':
        model = fields[key];
        break;
      case 'cached':
        cached = fields[key] === true;
        break;
      case 'answer':
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

/** Keys that may hold usage in another form, or more of it. */
const NEEDS_CARE = /usage|token|cost|cache|response|message/i;
/** Keys of results that were found to need none, a few hundred at most. */
const HARMLESS = new Set<string>();
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
  if (!isObject(result)) return { cached: false };
  try {
    const facts = readPlain(result);
    if (facts) return facts;
  } catch {
    // A getter or a proxy that throws: the careful way counts it.
  }
  return readCarefully(result, drop);
}

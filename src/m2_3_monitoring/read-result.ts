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

const NO_FACTS: QueryFacts = Object.freeze({ cached: false });

function readFields(result: object, drop: Drop): QueryFacts {
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
  return isObject(result) ? readFields(result, drop) : NO_FACTS;
}

import type { Drop } from './metrics.js';
import { isObject, peek, read } from './safe-read.js';
import {
  checkedNumber,
  findModel,
  findUsage,
  type NormalisedUsage,
  normaliseUsage,
  type ResultNumber,
} from './usage.js';

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

/** Reads what the metrics need from a call's result. Never throws; a bad value is dropped and counted under its key. */
export function readResult(result: unknown, drop: Drop): QueryFacts {
  if (!isObject(result)) return { cached: false };
  const usage = findUsage(result);
  return {
    ...(usage && normaliseUsage(usage, drop)),
    model: findModel(result),
    relevanceScore: readScore(result, 'relevance_score', 'relevanceScore', drop),
    contextPrecision: readScore(result, 'context_precision', 'contextPrecision', drop),
    cached: peek(result, 'cached') === true,
  };
}

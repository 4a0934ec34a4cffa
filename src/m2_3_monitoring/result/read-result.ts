import { type Fields, isObject, lookInto } from '../interop/safe-read.js';
import type { Drop } from '../metrics/catalogue.js';
import { checkedNumber, findModel, findUsage, normaliseUsage } from './normalise-usage.js';
import type { NormalisedUsage, ResultNumber } from './provider-usage.js';

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

const NO_FACTS: QueryFacts = Object.freeze({ cached: false });

const scoresIn = ({ relevance_score, relevanceScore, context_precision, contextPrecision, cached }: Fields) => ({
  relevance: relevance_score ?? relevanceScore,
  precision: context_precision ?? contextPrecision,
  cached: cached === true,
});

/** Reads what the metrics need from a call's result. Never throws; a bad value is dropped and counted under its key. */
export function readResult(result: unknown, drop: Drop): QueryFacts {
  if (!isObject(result)) return NO_FACTS;
  const usage = findUsage(result);
  // Filled up in place: a spread, with more fields after it, makes an object that V8 looks up slowly.
  const facts: QueryFacts = usage ? (normaliseUsage(usage, drop) as QueryFacts) : { cached: false };
  const { relevance, precision, cached } = lookInto(result, scoresIn);
  facts.model = findModel(result);
  facts.relevanceScore = checkedNumber('relevance_score', relevance, drop, 1);
  facts.contextPrecision = checkedNumber('context_precision', precision, drop, 1);
  facts.cached = cached;
  return facts;
}

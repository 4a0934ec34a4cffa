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
import { type RawUsage, readUsage } from './provider-usage.js';

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

const usageOf = (value: unknown): RawUsage | undefined => (isObject(value) ? readUsage(value as Fields) : undefined);

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Where the results, chunks and events of the known clients keep their usage. The first place that has one counts. */
const usageIn = (fields: Fields, response: Fields, message: Fields): RawUsage | undefined =>
  usageOf(fields.totalUsage) ??
  usageOf(fields.usage) ??
  usageOf(fields.usageMetadata) ??
  usageOf(response.usage) ??
  usageOf(message.usage) ??
  readUsage(fields);

/** The name of the model that has answered. */
function modelIn({ model, modelVersion }: Fields, response: Fields, message: Fields): string | undefined {
  if (isName(model)) return model;
  if (isName(response.modelId)) return response.modelId;
  if (isName(modelVersion)) return modelVersion;
  if (isName(message.model)) return message.model;
  return isName(response.model) ? response.model : undefined;
}

function factsIn(fields: Fields): RawFacts {
  const response = within(fields.response);
  const message = within(fields.message);
  return {
    usage: usageIn(fields, response, message),
    model: modelIn(fields, response, message),
    relevance: fields.relevance_score ?? fields.relevanceScore,
    precision: fields.context_precision ?? fields.contextPrecision,
    cached: fields.cached,
  };
}

/** Finds what the metrics need in one pass. Never throws: a field whose getter throws is `UNREADABLE`. */
export const findFacts = (value: unknown): RawFacts => (isObject(value) ? lookInto(value, factsIn) : NO_FACTS);

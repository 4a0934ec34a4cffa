import { isData, isObject } from '../interop/safe-read.js';
import { hasOneRate, plainCost } from '../pricing/calculate-cost.js';
import { type CallTimes, type Site, secondsBetween } from './record-end.js';
import { costInUsd, recordTokens } from './record-usage.js';

/** A call in progress. */
interface OpenCall extends CallTimes {
  /** It is over: what else is said of it comes too late. */
  close(): void;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isScore = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= 1);
const isName = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';

/**
 * The short way for what nearly every call returns: a plain object with the lesson's keys, good values, and whatever else
 * says nothing of usage. It reads and records in one pass and makes no object, in half the time of the general way
 * (`readResult`, `recordEnd`), which gives the same; `tests/record-plainly.test.ts` compares them.
 *
 * False, and nothing is recorded, where anything needs a closer look: a promise, a stream, an error that was not thrown, usage
 * in another form, a getter that throws.
 */
export function recordPlainly(site: Site, call: OpenCall, result: unknown): boolean {
  if (!isObject(result) || !isData(result)) return false;
  let input: unknown;
  let output: unknown;
  let relevance: unknown;
  let precision: unknown;
  let model: unknown;
  try {
    const fields = result as Record<string, unknown>;
    // Of the two spellings the lesson's goes first, where both are there.
    for (const key in fields) {
      switch (key) {
        case 'input_tokens':
          input = fields[key] ?? input;
          break;
        case 'inputTokens':
          input ??= fields[key];
          break;
        case 'output_tokens':
          output = fields[key] ?? output;
          break;
        case 'outputTokens':
          output ??= fields[key];
          break;
        case 'relevance_score':
          relevance = fields[key] ?? relevance;
          break;
        case 'relevanceScore':
          relevance ??= fields[key];
          break;
        case 'context_precision':
          precision = fields[key] ?? precision;
          break;
        case 'contextPrecision':
          precision ??= fields[key];
          break;
        case 'model':
          model = fields[key] || undefined;
          break;
        case 'cached':
          if (fields[key] === true) return false;
          break;
        default:
          if (needsCare(key)) return false;
      }
    }
  } catch {
    return false;
  }
  if (!isCount(input) || !isCount(output) || !isScore(relevance) || !isScore(precision) || !isName(model)) return false;

  call.close();
  const { context, series, options } = site;
  try {
    const endMs = context.now();
    const origin = context.originAt(endMs);
    series.latency.observe(secondsBetween(call.startMs, endMs), origin);
    if (relevance !== undefined) series.relevance.observe(relevance, origin);
    if (precision !== undefined) series.precision.observe(precision, origin);
    series.requests.success.add(1);
    const name = options.model ?? model ?? 'unknown';
    const ofModel = context.modelSeries(name);
    const price = ofModel.priceAt(endMs);
    const costUsd =
      price && hasOneRate(price, options.batch)
        ? plainCost(input, output, price)
        : costInUsd(context, { inputTokens: input, outputTokens: output }, name, price, options.batch);
    recordTokens(ofModel, input, output, costUsd);
  } catch {
    // A fault of the recording must not reach the call that is watched.
    context.drop('query', 'refused');
  }
  return true;
}

/** Keys that may hold usage in another form, or more of it; or that say that a response failed. */
const NEEDS_CARE = /usage|token|cost|cache|response|message|^(?:type|object|status|modelVersion)$/i;
/** Whether keys of results need it, as far as they were seen, a few hundred at most. */
const seenKeys = new Map<string, boolean>([['answer', false]]);
const MAX_SEEN_KEYS = 500;

function needsCare(key: string): boolean {
  const known = seenKeys.get(key);
  if (known !== undefined) return known;
  const found = NEEDS_CARE.test(key);
  if (seenKeys.size < MAX_SEEN_KEYS) seenKeys.set(key, found);
  return found;
}

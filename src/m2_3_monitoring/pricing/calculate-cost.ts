/**
 * What calls cost.
 *
 * In: a model, its usage, a time.
 * Out: USD.
 * Must not know: metrics, calls.
 *
 * @module
 */

import type { Config } from '../../../config/module.js';
import type { Price, Rates } from './price-book.js';

/** What a call used of a model. Every count is a whole number of tokens; default: 0. */
export interface Usage {
  /** The provider's name for the model, or an alias in the price book. */
  model: string;
  /** All input tokens, the parts below included. */
  inputTokens?: number;
  /** Of these, read from the provider's cache. */
  cachedInputTokens?: number;
  /** Of these, written to the provider's cache for five minutes. */
  cacheWriteTokens?: number;
  /** Of these, written to the provider's cache for an hour. */
  cacheWrite1hTokens?: number;
  /** All output tokens, reasoning included. */
  outputTokens?: number;
  /** Sent as a batch. Default: false. */
  batch?: boolean;
  /** When, in milliseconds since 1970. Default: now. */
  atMs?: number;
}

type DefaultRates = Pick<Config, 'DEFAULT_INPUT_USD_PER_1K' | 'DEFAULT_OUTPUT_USD_PER_1K'>;

/** The counts of a usage; one that is not a number above 0 costs nothing. */
type Counts = { [Key in keyof Usage as Key extends `${string}Tokens` ? Key : never]?: number | null | undefined };

const count = (tokens: number | null | undefined): number =>
  typeof tokens === 'number' && tokens > 0 && tokens <= Number.MAX_SAFE_INTEGER ? tokens : 0;

/** Rates of a variant (batch, long context); what it does not name keeps its proportion to the input, as providers' multipliers do. */
function variantOf(price: Rates, variant: Rates): Rates {
  const scale = price.input === 0 ? 1 : variant.input / price.input;
  const scaled = (rate: number | undefined) => (rate === undefined ? undefined : rate * scale);
  return {
    input: variant.input,
    cachedInput: variant.cachedInput ?? scaled(price.cachedInput),
    cacheWrite: variant.cacheWrite ?? scaled(price.cacheWrite),
    cacheWrite1h: variant.cacheWrite1h ?? scaled(price.cacheWrite1h),
    output: variant.output ?? price.output,
  };
}

function ratesFor(price: Price, inputTokens: number, batch: boolean): Rates {
  const { longContext } = price;
  // No table has a batch price for long contexts: the higher of the two is taken.
  if (longContext !== undefined && inputTokens > longContext.aboveTokens) return variantOf(price, longContext);
  return batch && price.batch ? variantOf(price, price.batch) : price;
}

/** Whether all input of a call that reads and writes no cache has one rate. */
const hasOneRate = (price: Price, batch = false): boolean => !batch && price.longContext === undefined;

const usesCache = ({ cachedInputTokens, cacheWriteTokens, cacheWrite1hTokens }: Counts): boolean =>
  Boolean(cachedInputTokens || cacheWriteTokens || cacheWrite1hTokens);

/** What whole numbers of tokens cost, in USD, where all input has one rate: the same sum as `costOf` in a tenth of the time. */
const plainCost = (inputTokens: number, outputTokens: number, price: Price): number =>
  (inputTokens * price.input + outputTokens * (price.output ?? 0)) / 1e6;

/** What tokens cost at a model's price, or at the default rates where it has none, in USD. Pure. */
export function costOf(counts: Counts, price: Price | undefined, defaults: DefaultRates, batch = false): number {
  const inputTokens = count(counts.inputTokens);
  if (price && hasOneRate(price, batch) && !usesCache(counts))
    return plainCost(inputTokens, count(counts.outputTokens), price);
  const rates: Rates = price
    ? ratesFor(price, inputTokens, batch)
    : { input: defaults.DEFAULT_INPUT_USD_PER_1K * 1000, output: defaults.DEFAULT_OUTPUT_USD_PER_1K * 1000 };
  const cached = Math.min(count(counts.cachedInputTokens), inputTokens);
  const written = Math.min(count(counts.cacheWriteTokens), inputTokens - cached);
  const written1h = Math.min(count(counts.cacheWrite1hTokens), inputTokens - cached - written);
  const perMillion =
    (inputTokens - cached - written - written1h) * rates.input +
    cached * (rates.cachedInput ?? rates.input) +
    written * (rates.cacheWrite ?? rates.input) +
    written1h * (rates.cacheWrite1h ?? rates.cacheWrite ?? rates.input) +
    count(counts.outputTokens) * (rates.output ?? 0);
  // One division at the end: prices per million tokens give an exact sum, and 0.0243 stays 0.0243.
  return perMillion / 1e6;
}

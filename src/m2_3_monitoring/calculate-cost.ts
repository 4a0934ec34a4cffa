import type { Config } from '../../config.js';
import priceBook from '../../data/model_prices.json';

/** What a call used of a model. */
export interface Usage {
  /** The provider's name for the model, or an alias in the price book. */
  model: string;
  /** Whole number of tokens, cached ones included. Default: 0. */
  inputTokens?: number;
  /** Whole number of tokens, reasoning included. Default: 0. */
  outputTokens?: number;
}

/** A price row of `data/model_prices.json`: USD per 1,000,000 tokens. */
export interface Price {
  from: string;
  input: number;
  output?: number;
  source: string;
  checked: string;
}

export interface Cost {
  costUsd: number;
  /** False where the model has no price and the default rates were used. */
  priced: boolean;
}

type DefaultRates = Pick<Config, 'DEFAULT_INPUT_USD_PER_1K' | 'DEFAULT_OUTPUT_USD_PER_1K'>;

const prices = new Map<string, Price>();
for (const { model, aliases, prices: rows } of priceBook.models) {
  for (const name of [model, ...aliases]) prices.set(name, rows[rows.length - 1] as Price);
}

/** The newest price of a model, with its source and date; undefined where the book has none. */
export const findPrice = (model: string): Price | undefined => prices.get(model);

/** Prices a usage and says whether the model has a price. Pure; a token count that is not a number above 0 costs nothing. */
export function priceUsage({ model, inputTokens = 0, outputTokens = 0 }: Usage, rates: DefaultRates): Cost {
  const price = findPrice(model);
  const inputUsd = price ? price.input : rates.DEFAULT_INPUT_USD_PER_1K * 1000;
  const outputUsd = price ? (price.output ?? 0) : rates.DEFAULT_OUTPUT_USD_PER_1K * 1000;
  // One division at the end: prices per million tokens give an exact sum, and 0.0243 stays 0.0243.
  const costUsd = (billable(inputTokens) * inputUsd + billable(outputTokens) * outputUsd) / 1e6;
  return { costUsd, priced: price !== undefined };
}

const billable = (tokens: number): number => (Number.isFinite(tokens) && tokens > 0 ? tokens : 0);

import { readFileSync } from 'node:fs';
import { ConfigError } from '../../../config/module.js';
import priceBook from '../../../data/model_prices.json';

/** USD per 1,000,000 tokens. What is left out costs what `input` or `output` costs. */
export interface Rates {
  input: number;
  /** Input read from the provider's cache. */
  cachedInput?: number;
  /** Input written to the provider's cache for five minutes. */
  cacheWrite?: number;
  /** Input written to the provider's cache for an hour. */
  cacheWrite1h?: number;
  /** Absent for embeddings. */
  output?: number;
}

/** What a model costs from a day on: a row of `data/model_prices.json`. */
export interface Price extends Rates {
  /** The first day of this price, YYYY-MM-DD, UTC. */
  from: string;
  batch?: Rates;
  /** Prices of the whole request when its input has more tokens than `aboveTokens`. */
  longContext?: Rates & { aboveTokens: number };
  /** The day on which the figure was read, YYYY-MM-DD. */
  checked: string;
  /** Where it was read. */
  source: string;
}

interface PricedModel {
  model: string;
  aliases?: string[];
  /** Oldest first. */
  prices: Price[];
}

/** Finds the price of a model at a time, in milliseconds since 1970. */
export type PriceBook = (model: string, atMs: number) => Price | undefined;

const DAY = /^\d{4}-\d\d-\d\d$/;
const KNOWN_KEYS = new Set(
  'from input cachedInput cacheWrite cacheWrite1h output batch longContext checked source'.split(' '),
);
const isPrice = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function assertPrice(price: Price, where: string): void {
  const complain = (key: string, expected: string, value: unknown) => {
    throw new ConfigError(`${where}: expected ${key} to be ${expected}, got ${JSON.stringify(value)}`);
  };
  if (!DAY.test(price?.from) || Number.isNaN(Date.parse(price.from)))
    complain('`from`', 'a day such as 2026-01-31', price?.from);
  if (price.longContext && !isPrice(price.longContext.aboveTokens)) {
    complain('`longContext.aboveTokens`', 'a number of tokens', price.longContext.aboveTokens);
  }
  const unknown = Object.keys(price).find((key) => !KNOWN_KEYS.has(key));
  if (unknown) complain('the keys', `among ${[...KNOWN_KEYS].join(', ')}`, unknown);
  for (const rates of [price, price.batch, price.longContext]) {
    if (!rates) continue;
    if (!isPrice(rates.input)) complain('`input`', 'USD per million tokens', rates.input);
    for (const key of ['cachedInput', 'cacheWrite', 'cacheWrite1h', 'output'] as const) {
      if (rates[key] !== undefined && !isPrice(rates[key]))
        complain(`\`${key}\``, 'USD per million tokens', rates[key]);
    }
  }
}

/** Reads a file in the form of `data/model_prices.json`. @throws {ConfigError} one line that says what is wrong, and where */
export function readPriceFile(path: string): PricedModel[] {
  let parsed: { models?: PricedModel[] };
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`\`MODEL_PRICES_FILE\`: cannot read ${path}: ${(error as Error).message}`);
  }
  if (!Array.isArray(parsed?.models))
    throw new ConfigError(`\`MODEL_PRICES_FILE\`: expected ${path} to have a list \`models\``);
  for (const entry of parsed.models) {
    const { model, aliases = [], prices } = entry ?? {};
    if (typeof model !== 'string' || !Array.isArray(aliases)) {
      throw new ConfigError(
        `\`MODEL_PRICES_FILE\`: ${path}: expected a model with a name and a list of aliases, got ${JSON.stringify(entry)}`,
      );
    }
    if (!Array.isArray(prices) || prices.length === 0)
      throw new ConfigError(`\`MODEL_PRICES_FILE\`: ${path}: ${model} has no list \`prices\``);
    for (const price of prices) assertPrice(price, `\`MODEL_PRICES_FILE\`: ${path}: ${model}`);
  }
  return parsed.models;
}

/** The committed prices. */
export const committedModels = priceBook.models as PricedModel[];

/** `openai/gpt-4o`, `anthropic.claude-opus-4-1-20250805-v1:0` and `gpt-4o-2024-11-20` are models with a prefix or a date. */
function* spellings(model: string): Generator<string> {
  yield model;
  const bare = model
    .replace(/^.*\//, '')
    .replace(/^(?:\w+\.)*(?=claude)/, '')
    .replace(/-v\d+:\d+$/, '');
  yield bare;
  yield bare.replace(/[-@](?:\d{4}-\d\d-\d\d|\d{8})$/, '');
}

interface DatedPrice {
  price: Price;
  fromMs: number;
}

/** Makes a price book of a list of models. */
export function createPriceBook(models: PricedModel[]): PriceBook {
  const rows = new Map<string, DatedPrice[]>();
  for (const { model, aliases = [], prices } of models) {
    const newestFirst = prices.map((price) => ({ price, fromMs: Date.parse(price.from) }));
    newestFirst.sort((a, b) => b.fromMs - a.fromMs);
    for (const name of [model, ...aliases]) rows.set(name, newestFirst);
  }
  return (model, atMs) => {
    const name = [...spellings(model)].find((spelling) => rows.has(spelling));
    const found = name === undefined ? undefined : rows.get(name);
    // Before its first row, a model costs what that row says: it had some price.
    return (found?.find(({ fromMs }) => fromMs <= atMs) ?? found?.at(-1))?.price;
  };
}

/** A current price row that was last checked more than a year ago. */
export interface StalePrice {
  model: string;
  checked: string;
  source: string;
}

/** Which models' current prices were read more than a year before a day, oldest first. */
export function findStalePrices(atMs: number, models: PricedModel[] = committedModels): StalePrice[] {
  const aYearBefore = new Date(atMs);
  aYearBefore.setUTCFullYear(aYearBefore.getUTCFullYear() - 1);
  return models
    .map(({ model, prices }) => ({ model, price: prices[prices.length - 1] as Price }))
    .filter(({ price }) => Date.parse(price.checked) < aYearBefore.getTime())
    .map(({ model, price: { checked, source } }) => ({ model, checked, source }))
    .sort((a, b) => a.checked.localeCompare(b.checked));
}

import { type Fields, isObject, lookInto, UNREADABLE, within } from '../interop/safe-read.js';
import type { Drop, DropReason } from '../metrics/catalogue.js';
import { type NormalisedUsage, type ResultNumber, readUsage, type ToldUsage, type UsageKey } from './provider-usage.js';

const isUsage = (value: unknown): value is object => isObject(value) && readUsage(value as Fields) !== undefined;

/** Where results, chunks and events of the known clients keep their usage. */
function usageIn(result: Fields): object | undefined {
  // One after the other: a getter of somebody else's that nobody needs is not asked.
  const { totalUsage } = result;
  if (isUsage(totalUsage)) return totalUsage;
  const { usage } = result;
  if (isUsage(usage)) return usage;
  const { usageMetadata, response, message } = result;
  if (isUsage(usageMetadata)) return usageMetadata;
  const inside = within(response).usage;
  if (isUsage(inside)) return inside;
  const ofMessage = within(message).usage;
  if (isUsage(ofMessage)) return ofMessage;
  return isUsage(result) ? result : undefined;
}

/** The raw usage object in a result, a chunk or an event; undefined where it has none. */
export const findUsage = (value: unknown): object | undefined =>
  isObject(value) ? lookInto(value, usageIn) : undefined;

/** Why a value is none that can be recorded. */
function reasonToDrop(value: unknown): DropReason {
  if (value === UNREADABLE) return 'unreadable';
  if (typeof value !== 'number') return 'not_a_number';
  if (!Number.isFinite(value)) return 'not_finite';
  return value < 0 ? 'negative' : 'out_of_range';
}

/** Checks a value; a bad one is counted under its field. */
export function checkedNumber(field: string, value: unknown, drop: Drop, max = Number.MAX_SAFE_INTEGER): ResultNumber {
  if (typeof value === 'number' && value >= 0 && value <= max) return value;
  if (value === undefined || value === null) return undefined;
  drop(field, reasonToDrop(value));
  return null;
}

const plus = (...numbers: ResultNumber[]): number => numbers.reduce<number>((sum, number) => sum + (number ?? 0), 0);

/** Output with its reasoning; there may be reasoning alone, where a model was stopped while it thought. */
const wholeOutput = (output: ResultNumber, reasoning: ResultNumber): ResultNumber =>
  typeof output === 'number' || typeof reasoning === 'number' ? plus(output, reasoning) : output;

/** The five-minute cache writes, where a total holds those for an hour too. */
function shortWrites({ writesHoldHourly }: ToldUsage, writes: ResultNumber, hourly: ResultNumber): ResultNumber {
  if (!writesHoldHourly || typeof writes !== 'number' || typeof hourly !== 'number') return writes;
  return Math.max(0, writes - hourly);
}

/** Puts any provider's usage into one form. Never throws; a bad value, or a part larger than its whole, is dropped and counted. */
export function normaliseUsage(usage: object, drop: Drop): NormalisedUsage {
  const told = lookInto(usage, readUsage);
  if (!told) return {};
  const { inputExcludesCache, outputExcludesReasoning } = told;
  const input = checkedNumber('input_tokens', told.inputTokens, drop);
  const output = checkedNumber('output_tokens', told.outputTokens, drop);
  const inputMax = inputExcludesCache ? undefined : (input ?? undefined);
  const outputMax = outputExcludesReasoning ? undefined : (output ?? undefined);
  const cachedInputTokens = checkedNumber('cached_input_tokens', told.cachedInputTokens, drop, inputMax);
  const cacheWrite1hTokens = checkedNumber('cache_write_1h_tokens', told.cacheWrite1hTokens, drop, inputMax);
  const writes = checkedNumber('cache_write_tokens', told.cacheWriteTokens, drop, inputMax);
  const cacheWriteTokens = shortWrites(told, writes, cacheWrite1hTokens);
  const reasoningTokens = checkedNumber('reasoning_tokens', told.reasoningTokens, drop, outputMax);
  const costUsd = checkedNumber('cost_usd', told.costUsd, drop);
  return {
    inputTokens:
      inputExcludesCache && typeof input === 'number'
        ? input + plus(cachedInputTokens, cacheWriteTokens, cacheWrite1hTokens)
        : input,
    cachedInputTokens,
    cacheWriteTokens,
    cacheWrite1hTokens,
    outputTokens: outputExcludesReasoning ? wholeOutput(output, reasoningTokens) : output,
    reasoningTokens,
    costUsd,
  };
}

const ADDED: readonly UsageKey[] = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'reasoningTokens'];

/** The usage of several completions that made up one call, each complete in itself. */
export function sumUsages(completions: readonly unknown[]): object {
  const usages = completions.map(findUsage).filter((usage) => usage !== undefined);
  const normalised = usages.map((usage) => normaliseUsage(usage, () => undefined));
  return Object.fromEntries(ADDED.map((key) => [key, plus(...normalised.map((usage) => usage[key]))]));
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';

function modelIn({ model, modelVersion, response, message }: Fields): string | undefined {
  if (isName(model)) return model;
  const { modelId, model: ofResponse } = within(response);
  if (isName(modelId)) return modelId;
  if (isName(modelVersion)) return modelVersion;
  const ofMessage = within(message).model;
  if (isName(ofMessage)) return ofMessage;
  return isName(ofResponse) ? ofResponse : undefined;
}

/** The name of the answering model in a result, a chunk or an event. */
export const findModel = (value: unknown): string | undefined =>
  isObject(value) ? lookInto(value, modelIn) : undefined;

import type { Status } from '../metrics/catalogue.js';
import { costOf } from '../pricing/calculate-cost.js';
import type { Price } from '../pricing/price-book.js';
import type { QueryFacts } from '../result/check-facts.js';
import type { NormalisedUsage, ResultNumber } from '../result/provider-usage.js';
import type { ModelSeries } from './model-series.js';
import type { MonitoredQueryOptions, RecordingContext } from './recording-context.js';

/** Whether a fact is there and good. */
export const isNumber = (value: unknown): value is number => typeof value === 'number';

function recordCost({ queryCost, totalCost }: ModelSeries, costUsd: number): void {
  queryCost.observe(costUsd);
  totalCost.add(costUsd);
}

/** Records what a model was asked and has answered, and what that cost. */
function recordTokens(
  series: ModelSeries,
  inputTokens: ResultNumber,
  outputTokens: ResultNumber,
  costUsd: number,
): void {
  if (isNumber(inputTokens)) series.inputTokens.observe(inputTokens);
  if (isNumber(outputTokens)) series.outputTokens.observe(outputTokens);
  recordCost(series, costUsd);
}

/** What a call's tokens cost: what the provider reports is what the provider bills. */
function costInUsd(
  { metrics, config }: RecordingContext,
  facts: NormalisedUsage,
  model: string,
  price: Price | undefined,
  batch: boolean | undefined,
): number {
  if (isNumber(facts.costUsd)) return facts.costUsd;
  if (price === undefined) metrics.unpricedRequests.inc({ model });
  return costOf(facts, price, config, batch);
}

function recordParts({ partSeries }: RecordingContext, facts: QueryFacts, model: string): void {
  if (isNumber(facts.cachedInputTokens)) partSeries.cachedInput(model).add(facts.cachedInputTokens);
  if (isNumber(facts.reasoningTokens)) partSeries.reasoning(model).add(facts.reasoningTokens);
}

function countMissing({ drop }: RecordingContext, facts: QueryFacts, price: Price | undefined): void {
  if (facts.inputTokens === undefined) drop('input_tokens', 'missing');
  // An embedding has no output.
  const hasOutput = price === undefined || price.output !== undefined;
  if (hasOutput && facts.outputTokens === undefined) drop('output_tokens', 'missing');
}

/** Records what a call used and cost. `endMs` is by the clock `now`. */
export function recordUsage(
  context: RecordingContext,
  facts: QueryFacts,
  status: Status,
  options: MonitoredQueryOptions,
  endMs: number,
): void {
  const { inputTokens, outputTokens, cached } = facts;
  const isWhole = isNumber(inputTokens) && isNumber(outputTokens);
  const hasUsage = isWhole || isNumber(inputTokens) || isNumber(outputTokens) || isNumber(facts.costUsd);
  // A call that was cut off may not know its usage; one that succeeded should. A cost is not made up from nothing.
  const isExpected = status === 'success' && (hasUsage || (options.model ?? facts.model) !== undefined);
  if (!hasUsage && !isExpected && !cached) return;
  const model = options.model ?? facts.model ?? 'unknown';
  const series = context.modelSeries(model);
  // A cached answer buys no tokens: it costs 0, and counts as a query when the mean cost is taken.
  if (cached) {
    recordCost(series, 0);
    return;
  }
  const price = series.priceAt(endMs);
  if (!isWhole && isExpected && !isNumber(facts.costUsd)) countMissing(context, facts, price);
  if (!hasUsage) return;
  recordTokens(series, inputTokens, outputTokens, costInUsd(context, facts, model, price, options.batch));
  recordParts(context, facts, model);
}

import { priceUsage } from './calculate-cost.js';
import type { ModelSeries } from './call-series.js';
import type { Status } from './catalogue.js';
import type { MonitoredQueryOptions, RecordingContext } from './query-record.js';
import type { QueryFacts } from './read-result.js';

/** Whether a fact is there and good. */
export const isNumber = (value: unknown): value is number => typeof value === 'number';

function recordCost({ queryCost, totalCost }: ModelSeries, costUsd: number): void {
  queryCost(costUsd);
  totalCost(costUsd);
}

/** What a call's tokens cost: what the provider reports is what the provider bills. */
function costOf(context: RecordingContext, facts: QueryFacts, model: string, batch: boolean | undefined): number {
  if (isNumber(facts.costUsd)) return facts.costUsd;
  const usage = {
    model,
    inputTokens: facts.inputTokens ?? 0,
    cachedInputTokens: facts.cachedInputTokens ?? 0,
    cacheWriteTokens: facts.cacheWriteTokens ?? 0,
    cacheWrite1hTokens: facts.cacheWrite1hTokens ?? 0,
    outputTokens: facts.outputTokens ?? 0,
    batch,
  };
  const { costUsd, priced } = priceUsage(usage, context.priceBook, context.config, context.wallClock());
  if (!priced) context.metrics.unpricedRequests.inc({ model });
  return costUsd;
}

function recordTokens(context: RecordingContext, facts: QueryFacts, model: string, batch: boolean | undefined): void {
  const { metrics } = context;
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = facts;
  const series = context.modelSeries(model);
  if (isNumber(inputTokens)) series.inputTokens(inputTokens);
  if (isNumber(outputTokens)) series.outputTokens(outputTokens);
  if (isNumber(cachedInputTokens)) metrics.cachedInputTokens.inc({ model }, cachedInputTokens);
  if (isNumber(reasoningTokens)) metrics.reasoningTokens.inc({ model }, reasoningTokens);
  recordCost(series, costOf(context, facts, model, batch));
}

function countMissing({ drop, priceBook, wallClock }: RecordingContext, facts: QueryFacts, model: string): void {
  if (facts.inputTokens === undefined) drop('input_tokens', 'missing');
  const price = priceBook(model, wallClock());
  // An embedding has no output.
  const hasOutput = price === undefined || price.output !== undefined;
  if (hasOutput && facts.outputTokens === undefined) drop('output_tokens', 'missing');
}

/** Records what a call used and cost. */
export function recordUsage(
  context: RecordingContext,
  facts: QueryFacts,
  status: Status,
  options: MonitoredQueryOptions,
): void {
  const model = options.model ?? facts.model ?? 'unknown';
  if (facts.cached) {
    // A cached answer buys no tokens: it costs 0, and counts as a query when the mean cost is taken.
    recordCost(context.modelSeries(model), 0);
    return;
  }
  const hasUsage = isNumber(facts.inputTokens) || isNumber(facts.outputTokens) || isNumber(facts.costUsd);
  // A call that was cut off may not know its usage; one that succeeded should. A cost is not made up from nothing.
  const expected = hasUsage || options.model !== undefined;
  const complete = isNumber(facts.inputTokens) && isNumber(facts.outputTokens);
  if (expected && !complete && status === 'success' && !isNumber(facts.costUsd)) countMissing(context, facts, model);
  if (hasUsage) recordTokens(context, facts, model, options.batch);
}

import { costOf } from './calculate-cost.js';
import type { ModelSeries } from './call-series.js';
import type { Status } from './catalogue.js';
import type { Price } from './price-book.js';
import type { MonitoredQueryOptions, RecordingContext } from './query-record.js';
import type { QueryFacts } from './read-result.js';

/** Whether a fact is there and good. */
export const isNumber = (value: unknown): value is number => typeof value === 'number';

function recordCost({ queryCost, totalCost }: ModelSeries, costUsd: number): void {
  queryCost.observe(costUsd);
  totalCost.add(costUsd);
}

/** What a call's tokens cost: what the provider reports is what the provider bills. */
function costInUsd(
  { metrics, config }: RecordingContext,
  facts: QueryFacts,
  model: string,
  price: Price | undefined,
  batch: boolean | undefined,
): number {
  if (isNumber(facts.costUsd)) return facts.costUsd;
  if (price === undefined) metrics.unpricedRequests.inc({ model });
  return costOf(facts, price, config, batch);
}

function recordTokens({ metrics }: RecordingContext, facts: QueryFacts, model: string, series: ModelSeries): void {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = facts;
  if (isNumber(inputTokens)) series.inputTokens.observe(inputTokens);
  if (isNumber(outputTokens)) series.outputTokens.observe(outputTokens);
  if (isNumber(cachedInputTokens)) metrics.cachedInputTokens.inc({ model }, cachedInputTokens);
  if (isNumber(reasoningTokens)) metrics.reasoningTokens.inc({ model }, reasoningTokens);
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
  const hasUsage = isNumber(facts.inputTokens) || isNumber(facts.outputTokens) || isNumber(facts.costUsd);
  // A call that was cut off may not know its usage; one that succeeded should. A cost is not made up from nothing.
  const isExpected = status === 'success' && (hasUsage || options.model !== undefined);
  if (!facts.cached && !hasUsage && !isExpected) return;
  const model = options.model ?? facts.model ?? 'unknown';
  const series = context.modelSeries(model);
  // A cached answer buys no tokens: it costs 0, and counts as a query when the mean cost is taken.
  if (facts.cached) {
    recordCost(series, 0);
    return;
  }
  const price = series.priceAt(context.wallClockAt(endMs));
  const isComplete = isNumber(facts.costUsd) || (isNumber(facts.inputTokens) && isNumber(facts.outputTokens));
  if (isExpected && !isComplete) countMissing(context, facts, price);
  if (!hasUsage) return;
  recordTokens(context, facts, model, series);
  recordCost(series, costInUsd(context, facts, model, price, options.batch));
}

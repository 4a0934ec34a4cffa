import type { Config } from '../../config.js';
import { priceUsage } from './calculate-cost.js';
import { STATUSES } from './catalogue.js';
import { type Drop, ensureSeries, type Metrics } from './metrics.js';
import { errorType, statusOfError } from './outcome.js';
import { type QueryFacts, readResult } from './read-result.js';

/** What the recording of a call needs. */
export interface RecordingContext {
  metrics: Metrics;
  drop: Drop;
  config: Config;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
}

export interface MonitoredQueryOptions {
  /** Which operation this is: the label `operation` of the latency and `endpoint` of the requests. Default: `query`. */
  operation?: string;
  /** Which model answers. Default: the `model` of the result, where it has one. */
  model?: string;
}

/** One call in progress. It is recorded once, by whichever of the two endings comes first; neither ever throws. */
export interface QueryRecord {
  succeed(result: unknown): void;
  fail(error: unknown): void;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Series that are known beforehand start at 0: `increase()` cannot see a first error in a series that starts at 1. */
function zeroInitialise({ metrics }: RecordingContext, operation: string, model: string | undefined): void {
  ensureSeries(metrics.queryLatency, { operation });
  for (const status of STATUSES) metrics.requestsTotal.inc({ endpoint: operation, status }, 0);
  if (model === undefined) return;
  metrics.totalCost.inc({ model }, 0);
  for (const histogram of [metrics.inputTokens, metrics.outputTokens, metrics.queryCost])
    ensureSeries(histogram, { model });
}

function recordTokens({ metrics, drop, config }: RecordingContext, facts: QueryFacts, model: string): void {
  const { inputTokens, outputTokens } = facts;
  if (inputTokens === undefined) drop('input_tokens', 'missing');
  if (outputTokens === undefined) drop('output_tokens', 'missing');
  if (isNumber(inputTokens)) metrics.inputTokens.observe({ model }, inputTokens);
  if (isNumber(outputTokens)) metrics.outputTokens.observe({ model }, outputTokens);
  const usage = { model, inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0 };
  const { costUsd, priced } = priceUsage(usage, config);
  if (!priced && !isNumber(facts.costUsd)) metrics.unpricedRequests.inc({ model });
  recordCost(metrics, model, facts.costUsd ?? costUsd);
}

function recordCost(metrics: Metrics, model: string, costUsd: number): void {
  metrics.queryCost.observe({ model }, costUsd);
  metrics.totalCost.inc({ model }, costUsd);
}

function recordFacts(context: RecordingContext, facts: QueryFacts, model: string | undefined): void {
  const { metrics } = context;
  const hasUsage = isNumber(facts.inputTokens) || isNumber(facts.outputTokens);
  // A cached answer buys no tokens: it costs 0, and counts as a query when the mean cost is taken.
  if (facts.cached) recordCost(metrics, model ?? 'unknown', 0);
  else if (hasUsage || model !== undefined) recordTokens(context, facts, model ?? 'unknown');
  if (isNumber(facts.relevanceScore)) metrics.relevanceScore.observe(facts.relevanceScore);
  if (isNumber(facts.contextPrecision)) metrics.contextPrecision.observe(facts.contextPrecision);
}

/** Never lets a fault of the recording reach the call that is watched. */
function safely({ drop }: RecordingContext, record: () => void): void {
  try {
    record();
  } catch {
    drop('query', 'refused');
  }
}

/** Prepares the series of one monitored function, and returns what starts the record of one call of it. */
export function createRecorder(context: RecordingContext, options: MonitoredQueryOptions): () => QueryRecord {
  const { metrics, now } = context;
  const { operation = 'query' } = options;
  zeroInitialise(context, operation, options.model);
  const latency = metrics.queryLatency.labels({ operation });

  return () => {
    let open = true;
    const startMs = now();
    metrics.activeRequests.inc();

    const end = (record: () => void) => {
      if (!open) return;
      open = false;
      metrics.activeRequests.dec();
      latency.observe((now() - startMs) / 1000);
      safely(context, record);
    };
    const count = (status: (typeof STATUSES)[number]) => metrics.requestsTotal.inc({ endpoint: operation, status });

    return {
      succeed: (result) =>
        end(() => {
          count('success');
          const facts = readResult(result, context.drop);
          recordFacts(context, facts, options.model ?? facts.model);
        }),
      fail: (error) =>
        end(() => {
          const status = statusOfError(error);
          count(status);
          if (status !== 'aborted') metrics.errorsTotal.inc({ error_type: errorType(error), endpoint: operation });
        }),
    };
  };
}

import type { Status } from '../metrics/catalogue.js';
import type { QueryFacts } from '../result/check-facts.js';
import type { Origin } from '../series/index.js';
import type { MonitoredFunction } from './monitored-function.js';
import type { OperationSeries } from './operation-series.js';
import { isNumber, recordUsage } from './record-usage.js';

/** When a call began, and when a stream gave its first output, by the clock `now`. */
export interface CallTimes {
  readonly startMs: number;
  readonly firstOutputMs: number | undefined;
}

/** Never negative: a clock that goes back, or fails, must not take from what was summed. */
const secondsBetween = (fromMs: number, toMs: number): number => (toMs > fromMs ? (toMs - fromMs) / 1000 : 0);

/** Records all that is known of a call when it has ended, with the name of the error that ended it. Never throws. */
export function recordEnd(
  monitored: MonitoredFunction,
  times: CallTimes,
  status: Status,
  facts: QueryFacts,
  errorType: string | undefined,
): void {
  const { context, series } = monitored;
  try {
    const endMs = context.now();
    const origin = context.originAt(endMs);
    series.latency.observe(secondsBetween(times.startMs, endMs), origin);
    if (isNumber(facts.relevanceScore)) series.relevance.observe(facts.relevanceScore, origin);
    if (isNumber(facts.contextPrecision)) series.precision.observe(facts.contextPrecision, origin);
    if (times.firstOutputMs !== undefined)
      recordStream(series, times.startMs, times.firstOutputMs, endMs, facts, origin);
    series.requests[status].add(1);
    if (errorType !== undefined && status !== 'aborted') series.errors(errorType).add(1);
    recordUsage(context, facts, status, monitored.options, endMs);
    if (context.otel) bridge(monitored, times, endMs, status, facts, errorType);
  } catch {
    // A fault of the recording must not reach the call that is watched.
    context.drop('query', 'refused');
  }
}

function recordStream(
  series: OperationSeries,
  startMs: number,
  firstMs: number,
  endMs: number,
  facts: QueryFacts,
  origin: Origin | undefined,
): void {
  series.timeToFirstToken().observe(secondsBetween(startMs, firstMs), origin);
  const perToken = secondsPerToken(firstMs, endMs, facts);
  if (perToken !== undefined) series.timePerOutputToken().observe(perToken, origin);
}

/** Of the tokens after the first; undefined where there are none. */
function secondsPerToken(firstMs: number, endMs: number, { outputTokens }: QueryFacts): number | undefined {
  if (!isNumber(outputTokens) || outputTokens < 2) return undefined;
  return secondsBetween(firstMs, endMs) / (outputTokens - 1);
}

function bridge(
  { context, options }: MonitoredFunction,
  { startMs, firstOutputMs }: CallTimes,
  endMs: number,
  status: Status,
  facts: QueryFacts,
  errorType: string | undefined,
): void {
  const isStream = firstOutputMs !== undefined;
  context.otel?.record({
    provider: options.provider,
    requestModel: options.model,
    responseModel: facts.model,
    durationSeconds: secondsBetween(startMs, endMs),
    inputTokens: facts.inputTokens,
    outputTokens: facts.outputTokens,
    timeToFirstChunkSeconds: isStream ? secondsBetween(startMs, firstOutputMs) : undefined,
    secondsPerOutputChunk: isStream ? secondsPerToken(firstOutputMs, endMs, facts) : undefined,
    errorType: status === 'success' ? undefined : status === 'error' ? errorType : status,
  });
}

import type { Registry } from 'prom-client';
import { type Config, overrideConfig, config as processConfig } from '../../config/module.js';
import { onceASecond } from './clock/cached-for-a-second.js';
import { monotonicMs, trusted } from './clock/clocks.js';
import { createCallContext } from './context/call-context.js';
import { originOf } from './context/exemplar-origin.js';
import { createTraceReader } from './context/trace-context.js';
import { assertKnownOptions, invalidOption } from './errors/index.js';
import { bindStructuredLogger } from './logging/structured-logger.js';
import { createMetrics, createRegistry, type Metrics } from './metrics/create-metrics.js';
import { type MetricBudget, seriesBudget } from './metrics/series-budget.js';
import { createMonitoredQuery } from './monitored-query.js';
import { type GivenDestination, safeDestination } from './output/given-destination.js';
import { createStandardOutput } from './output/standard-output.js';
import { costOf, type Usage } from './pricing/calculate-cost.js';
import { committedModels, createPriceBook, type Price, type PriceBook, readPriceFile } from './pricing/price-book.js';
import { createMonitoredFetch } from './provider/monitored-fetch.js';
import { createTrackers } from './provider/trackers.js';
import { createModelSeries, createPartSeries } from './record/model-series.js';
import { createOtelBridge } from './record/otel-bridge.js';
import { createExposition } from './server/exposition.js';
import { createMetricsServerStarter } from './server/start-server.js';

/** Everything has a default; tests and several services in one process give their own. */
export interface MonitoringOptions {
  /** Default: a new one. */
  registry?: Registry;
  /** Default: the process's settings. Those given here win. */
  config?: Partial<Config>;
  /** Milliseconds of a clock that never goes back. Default: `performance.now`. */
  now?: () => number;
  /** Milliseconds since 1970, for the time of log lines. Default: `Date.now`. */
  wallClock?: () => number;
  /** Where log lines go; `flush` writes those that it keeps. Default: standard output. */
  destination?: GivenDestination;
  /** Values that a label may have; more are recorded as `other`. Default: the setting MAX_LABEL_VALUES, 100. */
  maxLabelValues?: number;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

const KNOWN_OPTIONS = ['registry', 'config', 'now', 'wallClock', 'destination', 'maxLabelValues'];

function assertOptions(options: MonitoringOptions): void {
  assertKnownOptions(options, KNOWN_OPTIONS);
  for (const name of ['now', 'wallClock'] as const) {
    const clock: unknown = options[name];
    if (clock === undefined || typeof clock === 'function') continue;
    throw invalidOption(name, 'a function that gives milliseconds', clock);
  }
  const { destination } = options;
  if (destination === undefined || typeof destination?.write === 'function') return;
  throw invalidOption('destination', 'an object with a method `write`', destination);
}

function assertMaxLabelValues(value: unknown): void {
  if (Number.isInteger(value) && (value as number) >= 1) return;
  throw invalidOption('maxLabelValues', 'an integer of at least 1', value);
}

// One for all instances: a call of one inside a call of another has the inner id.
const calls = createCallContext();

/** Builds one independent set of metrics, decorator, trackers, logger and server; the module's exports are such a set. */
export function createMonitoring(options: MonitoringOptions = {}) {
  assertOptions(options);
  const { registry = createRegistry() } = options;
  const wallClock = options.wallClock ? trusted(options.wallClock) : Date.now;
  const now = options.now ? trusted(options.now) : monotonicMs;
  // The caller's clocks may jump: nothing is cached by them.
  const isOwnClock = options.now !== undefined || options.wallClock !== undefined;
  const offsetMsAt = onceASecond((nowMs) => wallClock() - nowMs);
  const wallClockAt = isOwnClock ? wallClock : (nowMs: number) => nowMs + offsetMsAt(nowMs);
  const config = overrideConfig(processConfig, options.config ?? {});
  const { maxLabelValues = config.MAX_LABEL_VALUES } = options;
  assertMaxLabelValues(maxLabelValues);
  const metricSet = createMetrics(registry, { maxLabelValues, models: list(config.MODELS), wallClock });
  const { metrics, drop, defineMetric } = metricSet;
  const onDrop = () => drop('log_line', 'not_written');
  const destination = options.destination
    ? safeDestination(options.destination, onDrop)
    : createStandardOutput(config.LOG_BUFFER_BYTES, onDrop);
  const ownPrices = config.MODEL_PRICES_FILE ? readPriceFile(config.MODEL_PRICES_FILE) : [];
  const own = createPriceBook(ownPrices);
  const committed = createPriceBook(committedModels);
  // The user's price for a model applies to its dated names too.
  const priceBook: PriceBook = (model, atMs) => own(model, atMs) ?? committed(model, atMs);
  const otel = config.OTEL_BRIDGE ? createOtelBridge() : undefined;
  const trackers = createTrackers(metricSet);
  const exposition = createExposition(registry, metrics, now);
  const priceOf = (model: string) =>
    onceASecond((nowMs) => priceBook(model, wallClockAt(nowMs)), isOwnClock ? 0 : undefined);
  const modelSeries = createModelSeries(metricSet, priceOf);
  const traceAt = createTraceReader();
  const originAt = (nowMs: number) => {
    const trace = traceAt(nowMs);
    return trace && originOf(trace, wallClockAt(nowMs));
  };
  const recording = { ...metricSet, modelSeries, partSeries: createPartSeries(metricSet), config, now, originAt, otel };

  return {
    config,
    registry,
    metrics: metrics as Metrics,
    defineMetric,
    monitoredQuery: createMonitoredQuery(recording, calls),
    monitoredFetch: createMonitoredFetch({ metrics, drop, ...trackers, wallClock }),
    ...trackers,
    currentQueryId: calls.currentQueryId,
    queryIdOf: calls.queryIdOf,
    calculateCost: (usage: Usage): number =>
      costOf(usage, priceBook(usage.model, usage.atMs ?? wallClock()), config, usage.batch),
    findPrice: (model: string, atMs = wallClock()): Price | undefined => priceBook(model, atMs),
    seriesBudget: (expected?: Record<string, number>): MetricBudget[] => seriesBudget(maxLabelValues, expected),
    startMetricsServer: createMetricsServerStarter({ exposition, metrics, settings: config }),
    StructuredLogger: bindStructuredLogger({ config, destination, wallClock, calls }),
  };
}

export type Monitoring = ReturnType<typeof createMonitoring>;

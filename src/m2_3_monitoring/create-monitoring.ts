import type { Registry } from 'prom-client';
import { type Config, overrideConfig, config as processConfig } from '../../config.js';
import { priceUsage, type Usage } from './calculate-cost.js';
import { createCallContext } from './call-context.js';
import { createModelSeries } from './call-series.js';
import { createExposition } from './exposition.js';
import { createMetrics, createRegistry } from './metrics.js';
import { createMetricsServerStarter } from './metrics-server.js';
import { createMonitoredFetch } from './monitored-fetch.js';
import { createMonitoredQuery } from './monitored-query.js';
import { createOtelBridge } from './otel-bridge.js';
import { committedModels, createPriceBook, type Price, readPriceFile } from './price-book.js';
import { type MetricBudget, seriesBudget } from './series-budget.js';
import { bindStructuredLogger } from './structured-logger.js';
import { createTrackers } from './trackers.js';

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
  /** Where log lines go. Default: `process.stdout`. */
  destination?: { write(line: string): unknown };
  /** Values that a label may have; more are recorded as `other`. Default: the setting MAX_LABEL_VALUES, 100. */
  maxLabelValues?: number;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

function assertMaxLabelValues(value: unknown): void {
  if (Number.isInteger(value) && (value as number) >= 1) return;
  throw new TypeError(
    `\`maxLabelValues\`: expected an integer of at least 1, got ${JSON.stringify(value)} (${typeof value})`,
  );
}

// One for all instances: a call of one inside a call of another has the inner id.
const calls = createCallContext();

/** A pipe whose reader is slow keeps lines in memory, and `process.exit` would lose them: writing waits instead. */
function blockOnPipe(): void {
  const { _handle: handle } = process.stdout as unknown as { _handle?: { setBlocking?(blocking: boolean): void } };
  handle?.setBlocking?.(true);
}

const STANDARD_OUTPUT = {
  write(line: string) {
    blockOnPipe();
    // Looked up at each line: a notebook replaces `process.stdout.write` while a cell runs.
    process.stdout.write(line);
  },
};

/** A clock of somebody else's must not harm a call either. */
const trusted =
  (now: () => number): (() => number) =>
  () => {
    try {
      const milliseconds = now();
      return Number.isFinite(milliseconds) ? milliseconds : 0;
    } catch {
      return 0;
    }
  };

/** Builds one independent set of metrics, decorator, trackers, logger and server; the module's exports are such a set. */
export function createMonitoring(options: MonitoringOptions = {}) {
  const { registry = createRegistry(), wallClock = Date.now } = options;
  const now = options.now ? trusted(options.now) : () => performance.now();
  const config = overrideConfig(processConfig, options.config ?? {});
  const destination = { write: (line: string) => void (options.destination ?? STANDARD_OUTPUT).write(line) };
  const { maxLabelValues = config.MAX_LABEL_VALUES } = options;
  assertMaxLabelValues(maxLabelValues);
  const metricSet = createMetrics(registry, { maxLabelValues, models: list(config.MODELS), wallClock });
  const { metrics, drop, exemplars, defineMetric } = metricSet;
  const ownPrices = config.MODEL_PRICES_FILE ? readPriceFile(config.MODEL_PRICES_FILE) : [];
  const priceBook = createPriceBook(committedModels, ownPrices);
  const otel = config.OTEL_BRIDGE ? createOtelBridge() : undefined;
  const trackers = createTrackers(metrics, drop);
  const exposition = createExposition(registry, metrics, exemplars, now);
  const modelSeries = createModelSeries(metricSet);
  const recording = { ...metricSet, modelSeries, config, priceBook, now, wallClock, otel };

  return {
    config,
    registry,
    metrics,
    defineMetric,
    monitoredQuery: createMonitoredQuery(recording, calls),
    monitoredFetch: createMonitoredFetch({ metrics, ...trackers, wallClock }),
    ...trackers,
    currentQueryId: calls.currentQueryId,
    queryIdOf: calls.queryIdOf,
    calculateCost: (usage: Usage): number => priceUsage(usage, priceBook, config, wallClock()).costUsd,
    findPrice: (model: string, atMs = wallClock()): Price | undefined => priceBook(model, atMs),
    seriesBudget: (expected?: Record<string, number>): MetricBudget[] => seriesBudget(maxLabelValues, expected),
    startMetricsServer: createMetricsServerStarter(exposition, config),
    StructuredLogger: bindStructuredLogger({ config, destination, wallClock, calls }),
  };
}

export type Monitoring = ReturnType<typeof createMonitoring>;

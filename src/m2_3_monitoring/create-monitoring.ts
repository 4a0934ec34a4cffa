import type { Registry } from 'prom-client';
import { type Config, config as processConfig } from '../../config.js';
import { priceUsage, type Usage } from './calculate-cost.js';
import { createMetrics, createRegistry } from './metrics.js';
import { createMetricsServerStarter } from './metrics-server.js';
import { createMonitoredQuery } from './monitored-query.js';
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
}

// Looked up at each line: a notebook replaces `process.stdout.write` while a cell runs.
const STANDARD_OUTPUT = { write: (line: string) => process.stdout.write(line) };

/** Builds one independent set of metrics, decorator, trackers, logger and server; the module's exports are such a set. */
export function createMonitoring(options: MonitoringOptions = {}) {
  const { registry = createRegistry(), now = () => performance.now(), wallClock = Date.now } = options;
  const config: Config = { ...processConfig, ...options.config };
  const destination = { write: (line: string) => void (options.destination ?? STANDARD_OUTPUT).write(line) };
  const { metrics, drop } = createMetrics(registry);
  const exposition = { contentType: registry.contentType, render: () => registry.metrics() };

  return {
    config,
    registry,
    metrics,
    monitoredQuery: createMonitoredQuery({ metrics, drop, config, now }),
    ...createTrackers(metrics, drop),
    calculateCost: (usage: Usage): number => priceUsage(usage, config).costUsd,
    startMetricsServer: createMetricsServerStarter(exposition, {
      port: config.METRICS_PORT,
      host: config.METRICS_HOST,
    }),
    StructuredLogger: bindStructuredLogger({ config, destination, wallClock }),
  };
}

export type Monitoring = ReturnType<typeof createMonitoring>;

/**
 * Prometheus and Alertmanager as programs of this machine, or of Docker.
 *
 * In: the committed configuration and rules, a target to scrape.
 * Out: running Prometheus and Alertmanager, and what is broken between them.
 * Must not know: panels, PromQL.
 *
 * @module
 */

export { freePort } from '../loopback/ports.js';
export { type ChainLink, type ChainOptions, checkChain } from './check/check-chain.js';
export { cureOfScrape } from './check/explain-scrape.js';

export { createBlocks, type SyntheticSeries, startWithPast } from './clients/backfill.js';
export type { Notifications } from './clients/notifications-client.js';
export { COMPOSE_URL, connectPrometheus, type Prometheus, startPrometheus } from './clients/start-prometheus.js';

export { type AlertmanagerAdaptation, adaptedAlertmanagerConfig } from './config/alertmanager-config.js';
export { committedRules } from './config/committed-rules.js';
export { type Adaptation, adaptedConfig } from './config/prometheus-config.js';
export { type StackPaths, stackPaths } from './config/stack-folder.js';
export { findStack, stopStack } from './lifecycle/running-stack.js';
export type { Stack } from './lifecycle/stack.js';
export type { StackOptions } from './lifecycle/stack-options.js';
export type { StackState } from './lifecycle/stack-state.js';
export { startStack } from './lifecycle/start-stack.js';
export { startChild } from './process/child.js';
export { detectEngine, type Engine, hasDockerEngine, hasStackPrograms } from './process/detect-engine.js';

export { requireTool, type Tool } from './process/find-tool.js';

export { makeFolder } from './process/make-folder.js';
export { REPOSITORY } from './process/repository.js';
export type { ProcessStatus } from './process/supervise.js';
export { runFolder } from './process/temporary-folder.js';
export type { Notification, NotifiedAlert } from './receiver/notification.js';

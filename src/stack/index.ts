export { type SyntheticSeries, startWithPast } from './backfill.js';
export { freePort, startChild } from './child.js';
export { detectEngine, type Engine } from './detect.js';
export { findTool, requireTool, type Tool, ToolMissingError } from './find-tool.js';
export { connectPrometheus, type Prometheus, type Sample, startPrometheus } from './prometheus.js';
export { type Adaptation, adaptedConfig } from './prometheus-config.js';
export { REPOSITORY } from './repository.js';

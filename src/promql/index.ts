/**
 * PromQL: read with Prometheus' own grammar.
 *
 * @module
 */
export type { ComparisonOperator } from './constants.js';
export { type Parsed, parse, positionAt, type SyntaxProblem } from './parse.js';
export { joinThreshold, type SplitThreshold, splitThreshold } from './split-threshold.js';

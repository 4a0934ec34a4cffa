/**
 * PromQL: read with Prometheus' own grammar, and examined for mistakes that look right.
 *
 * @module
 */
export { runCommand } from './command.js';
export type { ComparisonOperator } from './constants.js';
export { parseExposition } from './exposition.js';
export { LintInputError } from './input-error.js';
export { catalogueMetrics, type KnownMetric, KnownMetrics } from './known-metrics.js';
export { type Finding, type LintOptions, lint, mend } from './lint.js';
export { type FileFinding, lintFile, lintFiles, readExpressions } from './lint-file.js';
export type { LocatedExpression } from './located.js';
export { findMistakes, type Mistake, SOURCE_ALERTS } from './mistakes.js';
export { type Parsed, parse, positionAt, type SyntaxProblem } from './parse.js';
export type { Severity } from './query.js';
export { rules } from './rules/index.js';
export { joinThreshold, type SplitThreshold, splitThreshold } from './split-threshold.js';
export { isSelector, type Node, walk } from './syntax.js';

/**
 * PromQL: read with Prometheus' own grammar, and examined for mistakes that look right.
 *
 * In: dashboards, rule files, queries.
 * Out: mistakes, and the right query where it can be derived.
 * Must not know: running programs.
 *
 * @module
 */

export { catalogueMetrics, type KnownMetric, KnownMetrics } from './analysis/known-metrics.js';
export { metricsOfPage } from './analysis/page-metrics.js';
export type { Severity } from './analysis/query.js';
export type { LocatedExpression } from './input/located.js';
export { findMistakes, type Mistake, SOURCE_ALERTS } from './lint/lesson-alerts.js';
export { applyFixes, type Finding, type LintOptions, lint } from './lint/lint.js';
export { type FileFinding, lintFile, lintFiles, readExpressions } from './lint/lint-file.js';
export { rules } from './rules/index.js';
export type { Node } from './syntax/ast.js';
export type { ComparisonOperator } from './syntax/constants.js';
export { type Parsed, parse, positionAt } from './syntax/parse.js';
export { joinThreshold, type SplitThreshold, splitThreshold } from './syntax/split-threshold.js';
export type { SyntaxProblem } from './syntax/syntax-problem.js';

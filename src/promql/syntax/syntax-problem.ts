import type { Span } from './ast.js';

/** What is wrong with an expression that Prometheus does not take, in one line. */
export interface SyntaxProblem extends Span {
  message: string;
}

import type { Node } from './ast.js';

/** A node as text without positions, to compare two; `withoutMatchers` looks past what narrows their selectors. */
export function shapeOf(node: Node | undefined, { withoutMatchers = false } = {}): string {
  return JSON.stringify(node, (key, value) => {
    if (/^(?:from|to|outer|\w+Span)$/.test(key)) return undefined;
    return withoutMatchers && key === 'matchers' ? undefined : value;
  });
}

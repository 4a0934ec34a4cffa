import type { Span } from './ast.js';

export interface Modifiers {
  /** The expression with spaces in their place. */
  text: string;
  /** `offset 5m`, `@ end()`: neighbours are one. */
  spans: Span[];
}

const DURATION = '(?:\\d+(?:ms|[smhdwy]))+';
const ONE = `(?:\\boffset\\s+-?\\s*(?:${DURATION}|\\d+)|@\\s*(?:-?\\d+(?:\\.\\d+)?|(?:start|end)\\s*\\(\\s*\\)))(?![\\w.])?`;
const TOKENS = new RegExp(
  `"(?:\\\\.|[^"\\\\])*"?|'(?:\\\\.|[^'\\\\])*'?|\`[^\`]*\`?|#[^\\n]*|(?<modifier>${ONE}(?:\\s*${ONE})*)`,
  'gi',
);

/**
 * Takes `offset` and `@` out of an expression. They belong to the selector before them; the grammar for editors reads
 * `a + b offset 5m` as `(a + b) offset 5m`, which Prometheus does not.
 */
export function maskModifiers(expr: string): Modifiers {
  const spans: Span[] = [];
  const text = expr.replace(TOKENS, (token, ...rest) => {
    const { modifier } = rest.at(-1) as { modifier?: string };
    if (modifier === undefined) return token;
    const from = rest.at(-3) as number;
    spans.push({ from, to: from + token.length });
    return ' '.repeat(token.length);
  });
  return { text, spans };
}

import type { SyntaxNode } from '@lezer/common';
import type { LRParser } from '@lezer/lr';

// The package declares itself an ES module to the compiler, and has a CommonJS build for us.
export const { parser } = require('@prometheus-io/lezer-promql') as { parser: LRParser };

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** Seconds of `1h30m`; a number of PromQL is its own value. NaN where it is neither. */
export function toSeconds(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.length === 0) return toNumber(text);
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? Number.NaN), 0);
}

/** The value of a number as PromQL writes it: `1e3`, `0x1F`, `Inf`, `1_000`. */
export function toNumber(text: string): number {
  const word = /^([-+]?)(inf|nan)$/i.exec(text);
  if (word) return word[2]?.toLowerCase() === 'nan' ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
  return Number(text.replaceAll('_', ''));
}

/** The text within quotes. */
export function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  return text
    .slice(1, -1)
    .replace(/\\(.)/g, (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character);
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'LineComment') found.push(child);
  return found;
}

export const childOf = (node: SyntaxNode, name: string): SyntaxNode | undefined => node.getChild(name) ?? undefined;

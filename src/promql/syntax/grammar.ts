import { parser } from '@prometheus-io/lezer-promql';
import { parseDuration } from '../../prometheus/duration.js';
import { parseNumber } from '../../prometheus/number.js';

export { parser };

export type Tree = ReturnType<typeof parser.parse>;
export type SyntaxNode = Tree['topNode'];

/** Seconds of `1h30m`; a number of PromQL, such as `1e3`, `0x1F`, `Inf` or `1_000`, is its own value. NaN where it is neither. */
export const toSeconds = (text: string): number => parseDuration(text) ?? parseNumber(text.replaceAll('_', ''));

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

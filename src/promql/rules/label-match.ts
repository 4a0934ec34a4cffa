import { labelsOf, sameLabels } from '../analysis/labels-of.js';
import type { Edit, Query, Rule } from '../analysis/query.js';
import type { Binary } from '../syntax/ast.js';
import { isScalar } from '../syntax/nodes.js';
import { isVariableName } from '../syntax/reader.js';
import { binaries, isUnsummed, wrapped } from './sides.js';

/** What the series of a side are matched by. */
function signatureOf(labels: ReadonlySet<string>, { matching }: Binary): ReadonlySet<string> {
  if (!matching) return labels;
  return new Set([...labels].filter((label) => matching.on === matching.labels.includes(label)));
}

const named = (labels: ReadonlySet<string>) => (labels.size === 0 ? 'no labels' : [...labels].join(', '));

function mismatchEdits(
  query: Query,
  node: Binary,
  left: ReadonlySet<string>,
  right: ReadonlySet<string>,
): Edit[] | undefined {
  if (node.matching) return undefined;
  if (isUnsummed(node.left) && isUnsummed(node.right)) return [wrapped(query, node.left), wrapped(query, node.right)];
  const isPart = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].every((label) => b.has(label));
  const { from, to } = node.operatorSpan;
  const insert = (labels: ReadonlySet<string>, group: string) => [
    { from, to, text: `${query.text({ from, to })} on (${[...labels].join(', ')})${group}` },
  ];
  const isSet = /^(?:and|unless)$/.test(node.operator);
  if (isPart(right, left)) return insert(right, isSet ? '' : ' group_left ()');
  return isPart(left, right) ? insert(left, isSet ? '' : ' group_right ()') : undefined;
}

export const labelsDoNotMatch: Rule = {
  id: 'labels-do-not-match',
  severity: 'error',
  *check(query) {
    for (const node of binaries(query)) {
      const { left, right, operator } = node;
      if (operator === 'or' || isScalar(left) || isScalar(right)) continue;
      const [ofLeft, ofRight] = [labelsOf(query, left), labelsOf(query, right)];
      if (!ofLeft || !ofRight || [...ofLeft, ...ofRight].some(isVariableName)) continue;
      if (sameLabels(signatureOf(ofLeft, node), signatureOf(ofRight, node))) continue;
      const edits = mismatchEdits(query, node, ofLeft, ofRight);
      yield {
        at: node,
        wrong: `"${operator}" matches series of equal labels, and the left has ${named(signatureOf(ofLeft, node))}, the right ${named(signatureOf(ofRight, node))}`,
        gives: operator === 'unless' ? 'all of the left side' : 'no data',
        fix: 'aggregate both sides by the same labels, or say on (…) which ones count',
        ...(edits && { edits }),
      };
    }
  },
};

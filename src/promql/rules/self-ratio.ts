import { keepsLabel } from '../analysis/labels-of.js';
import type { Edit, Query, Rule } from '../analysis/query.js';
import { type Aggregation, type Binary, type Matcher, type Node, walk } from '../syntax/ast.js';
import { selectorsIn } from '../syntax/nodes.js';
import { shapeOf } from '../syntax/shape.js';
import { binaries, isUnsummed, wrapped } from './sides.js';

const plain = ({ label, operator, value }: Matcher) => `${label}${operator}${value}`;

/** Labels that one side's selectors narrow and the other's do not. */
function narrowedLabels(left: Node, right: Node): string[] {
  const others = selectorsIn(right);
  return selectorsIn(left).flatMap(({ matchers }, index) => {
    const [here, there] = [matchers, others[index]?.matchers ?? []];
    const alone = (ones: readonly Matcher[], rest: readonly Matcher[]) =>
      ones.filter((one) => !rest.some((other) => plain(other) === plain(one)));
    return [...alone(here, there), ...alone(there, here)].map(({ label }) => label);
  });
}

const matchesBy = ({ matching }: Binary, label: string) => !matching || matching.on === matching.labels.includes(label);

/** Sums that drop a label. */
function withoutLabels(query: Query, node: Node, labels: readonly string[]): Edit[] {
  if (isUnsummed(node)) return [wrapped(query, node)];
  const sums = [...walk(node)].filter(
    (one): one is Aggregation => one.kind === 'aggregation' && Boolean(one.grouping?.by),
  );
  return sums.map(({ grouping }) => {
    const kept = grouping?.labels.filter((label) => !labels.includes(label)) ?? [];
    return { from: grouping?.from ?? 0, to: grouping?.to ?? 0, text: `by (${kept.join(', ')})` };
  });
}

export const selfRatio: Rule = {
  id: 'self-ratio',
  severity: 'error',
  *check(query) {
    for (const node of binaries(query)) {
      const { operator, left, right, group } = node;
      const bare = { withoutMatchers: true };
      if (operator !== '/' || group || shapeOf(left, bare) !== shapeOf(right, bare)) continue;
      const narrowed = narrowedLabels(left, right);
      const isItself = narrowed.every(
        (label) => keepsLabel(left, label) && keepsLabel(right, label) && matchesBy(node, label),
      );
      if (narrowed.length === 0 || !isItself) continue;
      yield {
        at: node,
        wrong: `both sides keep the label ${narrowed[0]}, so each series is divided by itself`,
        gives: '1, however few of all they are',
        fix: 'sum both sides over it',
        edits: [...withoutLabels(query, left, narrowed), ...withoutLabels(query, right, narrowed)],
      };
    }
  },
};

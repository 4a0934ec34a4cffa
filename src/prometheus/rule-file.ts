import { type Document, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import type { Labels } from './labels.js';

/** A rule as a rule file has it. */
export interface FileRule {
  /** Whether it is an alert, and not a recording rule. */
  isAlert: boolean;
  name: string;
  expr: string;
  /** Durations as they are written. */
  for?: string;
  keepFiringFor?: string;
  labels: Labels;
  /** The file's line, from 1, on which an offset of the expression stands. */
  lineInFile: (offset: number) => number;
}

/** How many characters before an offset are no spaces. */
const inkBefore = (text: string, offset: number) => text.slice(0, offset).replace(/\s/g, '').length;

/** Where an expression's characters stand in a file: YAML folds lines and indents them, and keeps all that is no space. */
function lineFinder(node: unknown, text: string, counter: LineCounter): FileRule['lineInFile'] {
  if (!isScalar(node) || !node.range) return () => 1;
  const [from, to] = node.range;
  const written = text.slice(from, to);
  // The mark of a block, or the opening quote, is none of the expression's.
  const start = from + (/^[|>][^\n]*\n|^["']/.exec(written)?.[0].length ?? 0);
  const ink = [...text.slice(start, to).matchAll(/\S/g)].map(({ index }) => start + index);
  return (offset) => counter.linePos(ink[Math.min(inkBefore(String(node.value), offset), ink.length - 1)] ?? from).line;
}

type Written = { [field: string]: unknown; labels?: Labels } | null;

function toRule(rule: Written, lineInFile: FileRule['lineInFile']): FileRule[] {
  const [alert, name, expr, hold, keep] = ['alert', 'record', 'expr', 'for', 'keep_firing_for'].map((field) =>
    rule?.[field] === undefined || rule[field] === null ? undefined : String(rule[field]),
  );
  if (expr === undefined || (alert ?? name) === undefined) return [];
  return [
    {
      isAlert: alert !== undefined,
      name: alert ?? name ?? '',
      expr,
      ...(hold !== undefined && { for: hold }),
      ...(keep !== undefined && { keepFiringFor: keep }),
      labels: rule?.labels ?? {},
      lineInFile,
    },
  ];
}

interface RuleFile {
  groups?: { rules?: Written[] }[];
  /** The Kubernetes operator's PrometheusRule has the same groups here. */
  spec?: RuleFile;
}

function rulesIn(document: Document, text: string, counter: LineCounter): FileRule[] | undefined {
  const file: RuleFile | null = document.toJS();
  const [groups, path] = file?.groups ? [file.groups, ['groups']] : [file?.spec?.groups, ['spec', 'groups']];
  if (!Array.isArray(groups)) return undefined;
  return groups.flatMap((group, groupIndex) =>
    (Array.isArray(group?.rules) ? group.rules : []).flatMap((rule, index) => {
      const node = document.getIn([...path, groupIndex, 'rules', index, 'expr'], true);
      return toRule(rule, lineFinder(node, text, counter));
    }),
  );
}

/**
 * The rules of a rule file of Prometheus, in its order; undefined where the text is none.
 * @throws {Error} whose first line says where the text is no YAML
 */
export function parseRules(text: string): FileRule[] | undefined {
  const counter = new LineCounter();
  const documents = [parseAllDocuments(text, { lineCounter: counter, merge: true })].flat() as Document[];
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error) throw new SyntaxError(error.message.split('\n')[0]?.replace(/:$/, ''), { cause: error });
  const found = documents.map((document) => rulesIn(document, text, counter)).filter((one) => one !== undefined);
  return found.length > 0 ? found.flat() : undefined;
}

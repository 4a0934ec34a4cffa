import { type Document, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type YAMLMap } from 'yaml';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import { firstLine } from './first-line.js';
import type { LocatedExpression } from './located.js';

/** How often something that is no space comes before an offset. */
const inkBefore = (text: string, offset: number) => text.slice(0, offset).replace(/\s/g, '').length;

/** Where an expression's characters stand in the file: YAML folds lines and indents them, and keeps all that is no space. */
function linesOf(rule: YAMLMap, { text, counter }: File): (offset: number) => number {
  const scalar = rule.get('expr', true);
  if (!isScalar(scalar) || !scalar.range) return () => 1;
  const [from, to] = scalar.range;
  const written = text.slice(from, to);
  // The mark of a block, or the opening quote, is none of the expression's.
  const start = from + (/^[|>][^\n]*\n|^["']/.exec(written)?.[0].length ?? 0);
  const ink = [...text.slice(start, to).matchAll(/\S/g)].map(({ index }) => start + index);
  return (offset) =>
    counter.linePos(ink[Math.min(inkBefore(String(scalar.value), offset), ink.length - 1)] ?? from).line;
}

interface File {
  text: string;
  counter: LineCounter;
}

function inRule(rule: YAMLMap, file: File): LocatedExpression[] {
  const [alert, record, expr] = ['alert', 'record', 'expr'].map((key) => rule.get(key));
  if (expr === undefined || (alert === undefined && record === undefined)) return [];
  const labels = rule.get('labels');
  return [
    {
      where: alert === undefined ? `record ${record}` : `alert ${alert}`,
      expr: String(expr),
      isAlert: alert !== undefined,
      ...(record !== undefined && {
        record: { name: String(record), addsLabels: isMap(labels) && labels.items.length > 0 },
      }),
      lineInFile: linesOf(rule, file),
    },
  ];
}

function inDocument(document: Document, file: File): LocatedExpression[] | undefined {
  if (!isMap(document.contents)) return undefined;
  // Kubernetes' PrometheusRule has the same groups under `spec`.
  const groups = document.get('groups') ?? document.getIn(['spec', 'groups']);
  if (!isSeq(groups)) return undefined;
  return groups.items.flatMap((group) => {
    const rules = isMap(group) ? group.get('rules') : undefined;
    return isSeq(rules) ? rules.items.flatMap((rule) => (isMap(rule) ? inRule(rule, file) : [])) : [];
  });
}

/** The expressions of a rule file of Prometheus, in its order; undefined where it is none. */
export function expressionsOfRules(text: string, path: string): LocatedExpression[] | undefined {
  const counter = new LineCounter();
  const documents = [parseAllDocuments(text, { lineCounter: counter, prettyErrors: true })].flat() as Document[];
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error) throw new CodedError(`${path} is no YAML: ${firstLine(error).replace(/:$/, '')}`, 'ERR_INPUT');
  const found = documents.map((document) => inDocument(document, { text, counter })).filter((one) => one !== undefined);
  return found.length > 0 ? found.flat() : undefined;
}

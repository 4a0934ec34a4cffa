import { type Document, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type YAMLMap } from 'yaml';
import { firstLine, LintInputError } from './input-error.js';
import type { LocatedExpression } from './located.js';

/** How the lines of an expression lie in the file; YAML folds all styles but the literal block into fewer. */
function linesOf(rule: YAMLMap, counter: LineCounter): (line: number) => number {
  const scalar = rule.get('expr', true);
  const start = isScalar(scalar) ? counter.linePos(scalar.range?.[0] ?? 0).line : 1;
  if (!isScalar(scalar) || scalar.type === 'PLAIN') return () => start;
  return scalar.type === 'BLOCK_LITERAL'
    ? (line) => start + line
    : scalar.type === 'BLOCK_FOLDED'
      ? () => start + 1
      : () => start;
}

function inRule(rule: YAMLMap, counter: LineCounter): LocatedExpression[] {
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
      lineInFile: linesOf(rule, counter),
    },
  ];
}

function inDocument(document: Document, counter: LineCounter): LocatedExpression[] | undefined {
  if (!isMap(document.contents)) return undefined;
  // Kubernetes' PrometheusRule has the same groups under `spec`.
  const groups = document.get('groups') ?? document.getIn(['spec', 'groups']);
  if (!isSeq(groups)) return undefined;
  return groups.items.flatMap((group) => {
    const rules = isMap(group) ? group.get('rules') : undefined;
    return isSeq(rules) ? rules.items.flatMap((rule) => (isMap(rule) ? inRule(rule, counter) : [])) : [];
  });
}

/** The expressions of a rule file of Prometheus, in its order; undefined where it is none. */
export function expressionsOfRules(text: string, path: string): LocatedExpression[] | undefined {
  const counter = new LineCounter();
  const documents = [parseAllDocuments(text, { lineCounter: counter, prettyErrors: true })].flat() as Document[];
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error) throw new LintInputError(`${path} is no YAML: ${firstLine(error).replace(/:$/, '')}`);
  const found = documents.map((document) => inDocument(document, counter)).filter((one) => one !== undefined);
  return found.length > 0 ? found.flat() : undefined;
}

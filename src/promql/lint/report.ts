import { styleText } from 'node:util';
import type { FileFinding } from './lint-file.js';

export interface ReportStyle {
  /** Whether the reader's terminal shows colours. */
  colours: boolean;
}

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

const paintWith =
  (colours: boolean): Paint =>
  (format, text) =>
    colours ? styleText(format, text) : text;

const placeOf = ({ file, fileLine, where }: FileFinding) =>
  `${[file, fileLine].filter(Boolean).join(':')} ${where}`.trim();

/** The line of the expression in which the mistake stands, underlined. */
function excerpt({ expr, from, to, line, column }: FileFinding, paint: Paint): string[] {
  const text = expr.split('\n')[line - 1] ?? '';
  const length = Math.max(1, Math.min(to - from, text.length - column + 1));
  const marks = paint('red', '^'.repeat(length));
  return [text, `${' '.repeat(column - 1)}${marks}`];
}

const hanging = (label: string, text: string, paint: (line: string) => string = (line) => line): string[] =>
  text.split('\n').map((line, index) => `    ${(index === 0 ? label : '').padEnd(8)}${paint(line)}`);

function describe(finding: FileFinding, paint: Paint): string[] {
  const { severity, rule, wrong, gives, fix } = finding;
  const label = paint(severity === 'error' ? ['red', 'bold'] : ['yellow', 'bold'], severity);
  return [
    `  ${label} ${paint('bold', rule)}: ${wrong}`,
    ...excerpt(finding, paint).map((line) => `    ${line}`),
    ...hanging('gives:', gives),
    ...(fix ? hanging('fix:', fix) : []),
  ];
}

/** All that is wrong with one expression, and the expression as it should be. */
function describeExpression(findings: readonly FileFinding[], paint: Paint): string[] {
  const [first] = findings;
  if (!first) return [];
  const better = first.fixed ?? (findings.length === 1 ? first.better : undefined);
  return [
    paint('underline', placeOf(first) || 'expression'),
    ...findings.flatMap((finding) => describe(finding, paint)),
    ...(better === undefined ? [] : hanging('better:', better, (line) => paint('green', line))),
    '',
  ];
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The findings as a person reads them, with a summary in the last line. */
export function renderReport(findings: readonly FileFinding[], expressions: number, { colours }: ReportStyle): string {
  const paint = paintWith(colours);
  const byExpression = new Map<string, FileFinding[]>();
  for (const finding of findings) {
    const key = [finding.file, finding.where, finding.expr].join('\n');
    byExpression.set(key, [...(byExpression.get(key) ?? []), finding]);
  }
  const lines = [...byExpression.values()].flatMap((ones) => describeExpression(ones, paint));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const found = findings.length === 0 ? 'no mistakes' : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  return [...lines, `${found} in ${counted(expressions, 'expression')}`].join('\n');
}

import type { Span } from './ast.js';

/** A variable of Grafana: `$name`, `${name}`, `${name:regex}`, `[[name]]`. */
export const VARIABLE = /\$\{\w+(?:\.\w+)*(?::[^}]*)?\}|\$\w+|\[\[\w+(?::\w+)?\]\]/;

const TOKENS = new RegExp(
  ['"(?:\\\\.|[^"\\\\])*"?', "'(?:\\\\.|[^'\\\\])*'?", '`[^`]*`?', '#[^\\n]*', VARIABLE.source].join('|'),
  'g',
);

const IS_NUMBER = /^(?:__interval_ms|__rate_interval_ms|__range_s|__range_ms|__from|__to)\b/;

interface Place {
  before: string;
  after: string;
}

/** A text of the same length that PromQL takes where the variable stands. */
function standIn(variable: string, { before, after }: Place): string {
  const { length } = variable;
  const inBrackets = /\[[^\]]*$/.test(before);
  if (inBrackets && /^(?:ms|[smhdwy])/.test(after)) return '5'.padStart(length, '0');
  if (IS_NUMBER.test(variable.replace(/^\W+/, '')) || (inBrackets && /\d$/.test(before)))
    return '5'.padStart(length, '0');
  if (inBrackets || /\boffset\s+-?$/.test(before)) return '5m'.padStart(length, '0');
  if (/[{,]\s*$/.test(before) && /\{[^}]*$/.test(before)) return '""'.padEnd(length);
  if (/^\s*\(/.test(after) && !/[\w:]$/.test(before)) return (length < 3 ? 'ln' : 'sum').padEnd(length);
  return 'v'.repeat(length);
}

/** An expression with a stand-in of the same length for each variable of Grafana, and where they stand; texts in quotes stay. */
export function replaceVariables(expr: string): { text: string; variables: Span[] } {
  const variables: Span[] = [];
  let before = '';
  let text = '';
  let end = 0;
  for (const { 0: token, index } of expr.matchAll(TOKENS)) {
    const between = expr.slice(end, index);
    end = index + token.length;
    const isVariable = /^[$[]/.test(token);
    const instead = isVariable ? standIn(token, { before: before + between, after: expr.slice(end) }) : token;
    if (isVariable) variables.push({ from: index, to: end });
    text += between + instead;
    // Brackets within a quoted text are none of the expression's.
    before += between + (isVariable ? instead : '_'.repeat(token.length));
  }
  return { text: text + expr.slice(end), variables };
}

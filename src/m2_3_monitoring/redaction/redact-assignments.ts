import { isSecretPhrase, isSecretUnder } from './secret-names.js';

/** A name, and what stands between it and its value: `name=`, `name: `, `"name":`, `\"name\": `, `name => `, `name%3D`, `"name",`. */
const ASSIGNMENT = /(^|\\[nrt]|[^\w.$-])([\w.$-]+)((?:\\*["'`]|%22)?\]?\s*(?:[:=]+>?|%3[AaDd]|,))/g;

/** What may stand before a value: the first of a list. */
const BEFORE_VALUE = /\s*(?:\[\s*)?(?:%22)?/y;
/** Values by their quote. In quotes that are escaped themselves, no other quote stands. */
const QUOTED: Record<string, RegExp> = {
  '"': /"(?:[^"\\]|\\.)*/y,
  "'": /'(?:[^'\\]|\\.)*/y,
  '`': /`[^`]*/y,
  '\\': /\\+["'`][^"'`\\]*/y,
};
const UNQUOTED = /(?:(?:Bearer|Basic|Bot|Token|Digest|Negotiate|Key|ApiKey|SSWS)\s+)?[^\s"'`;&<>\\{][^\s"'`;&<>\\]*/iy;
/** The value of a header field has blanks and semicolons. */
const TO_LINE_END = /(?:[^\r\n"'<>\\=]|="[^"\r\n]*"|=)+/y;

export const assignmentPatterns = [ASSIGNMENT, BEFORE_VALUE, UNQUOTED, TO_LINE_END, ...Object.values(QUOTED)];

/** Header fields in a list, where a comma stands between name and value. */
const LISTED_FIELD = /-|^authorization$|^cookie$/i;
const HEADER_FIELD = /^(?:proxy-)?authorization$|^(?:set-)?cookie2?$/i;
const NO_SECRET = /^(?:null|undefined|none|nil|true|false|redacted|\*+)$/i;
/** A count. Longer ones may be a key. */
const SMALL_NUMBER = /^\d{1,5}(?:\.\d+)?$/;
const MAX_PHRASE_LENGTH = 48;

/** A value without what closes the brackets and the sentence around it. */
function trimmed(value: string): string {
  let end = value.length;
  while (end > 0 && ')]},.'.includes(value[end - 1] ?? '')) end -= 1;
  return value.slice(0, end);
}

interface Value {
  isQuoted: boolean;
  start: number;
  text: string;
}

function match(pattern: RegExp, text: string, start: number): string {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0] ?? '';
}

function valueAt(text: string, place: number, name: string): Value {
  const start = place + match(BEFORE_VALUE, text, place).length;
  const quoted = QUOTED[text[start] ?? ''];
  if (!quoted) {
    const found = HEADER_FIELD.test(name) ? match(TO_LINE_END, text, start) : trimmed(match(UNQUOTED, text, start));
    return { isQuoted: false, start, text: found };
  }
  const found = match(quoted, text, start);
  const [quote = ''] = /^\\*./.exec(found) ?? [];
  return { isQuoted: true, start: start + quote.length, text: found.slice(quote.length) };
}

/** Names that say nothing without the words before them: `Incorrect API key provided: …`. */
const NEEDS_PHRASE = /^(?:keys?|code|provided|given|used|received|is|was)$/i;

/** Whether secrets stand under a name, or under the words that a sentence has before it. */
function namesSecret(text: string, start: number, name: string): boolean {
  const hasSecretName = isSecretUnder(name, '');
  if (!hasSecretName && !NEEDS_PHRASE.test(name)) return false;
  const before = text.slice(Math.max(0, start - MAX_PHRASE_LENGTH), start);
  const words = /(?:[A-Za-z_-]+ ){1,2}$/.exec(before)?.[0].trim() ?? '';
  // A word before may say that it is none: `Unexpected token: …`.
  if (hasSecretName) return isSecretUnder(`${words} ${name}`, '');
  const isKey = /^keys?$/i.test(name);
  if (/[?&]$/.test(before) && (isKey || name === 'code')) return true;
  return isSecretPhrase(isKey ? `${words} ${name}` : words);
}

function isSecret(name: string, { isQuoted, text }: Value): boolean {
  if (text === '' || NO_SECRET.test(trimmed(text).replace('[', ''))) return false;
  const isCount = !isQuoted && SMALL_NUMBER.test(text);
  return !isCount || isSecretUnder(name, Number(text));
}

/** A text without the values that stand after the names of secrets, in queries, header fields, JSON, settings and prose. */
export function redactAssignments(text: string, censored: string): string {
  let result = '';
  let end = 0;
  ASSIGNMENT.lastIndex = 0;
  for (let found = ASSIGNMENT.exec(text); found; found = ASSIGNMENT.exec(text)) {
    const [whole, boundary = '', name = ''] = found;
    const nameStart = found.index + boundary.length;
    // The next name may follow at once: `error: password=…`.
    ASSIGNMENT.lastIndex = nameStart + name.length;
    if (!namesSecret(text, nameStart, name)) continue;
    const value = valueAt(text, found.index + whole.length, name);
    if (whole.endsWith(',') && !(value.isQuoted && LISTED_FIELD.test(name))) continue;
    if (!isSecret(name, value)) continue;
    result += text.slice(end, value.start) + censored;
    end = value.start + value.text.length;
    ASSIGNMENT.lastIndex = end;
  }
  return end === 0 ? text : result + text.slice(end);
}

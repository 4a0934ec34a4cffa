import { fieldRule } from './field-rules.js';
import { createIsoTime } from './iso-time.js';
import type { LineOptions, LogLine } from './log-line.js';
import { CENSORED, redactText } from './redaction.js';

/** What all lines of a kind have in common. */
interface Head {
  beforeTime: string;
  afterTime: string;
  /** The names of the kind's fields as JSON, with what stands around them. */
  labels: string[];
}

/** JSON of short texts without secrets: services log the same names of models and endpoints in every line. */
const quotedTexts = new Map<string, string>();
const MAX_QUOTED_TEXTS = 500;
const MAX_QUOTED_LENGTH = 40;

function quoted(text: string): string {
  const known = quotedTexts.get(text);
  if (known !== undefined) return known;
  const shown = redactText(text);
  const json = JSON.stringify(shown);
  // Whoever has a secret in a text does not want it kept.
  if (shown !== text || text.length > MAX_QUOTED_LENGTH) return json;
  if (quotedTexts.size >= MAX_QUOTED_TEXTS) quotedTexts.clear();
  quotedTexts.set(text, json);
  return json;
}

/** A value as JSON, without its secrets; undefined where that takes more than a look. */
function jsonOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'string':
      return quoted(value);
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : undefined;
  }
}

/** A field's label and value; undefined where that takes more than a look. */
function jsonOfGiven(key: string, value: unknown, { hashUser, showsTexts }: LineOptions): string | undefined {
  const { kind, label, mayClash } = fieldRule(key);
  if (mayClash || (kind === 'text' && !showsTexts)) return undefined;
  let shown = value;
  if (kind === 'secret' && typeof value !== 'boolean') shown = CENSORED;
  else if (kind === 'user' && typeof value === 'string') shown = hashUser(redactText(value));
  else if (kind === 'user' && typeof value === 'number') shown = hashUser(value);
  const json = jsonOf(shown);
  return json && label + json;
}

/**
 * The short way to a log line: its text is put together in one pass. pino is given an object, and looks at each of its fields
 * anew: that takes three to four times as long in a row, and twice as long amid the work of a service, where neither's code is
 * in the processor's cache. `tests/plain-line.test.ts` compares the two.
 *
 * The line is undefined where anything needs the general way (`lineFields`, pino): a value that is an object, a text of which
 * the length is logged, two fields that may have one name.
 *
 * @param base fields that every line has after its time
 */
export function createPlainLine(base: Record<string, string>, options: LineOptions) {
  const isoTime = createIsoTime();
  const heads = new Map<LogLine['kind'], Head>();

  function headOf(kind: LogLine['kind']): Head {
    const known = heads.get(kind);
    if (known) return known;
    const { level, eventType, names } = kind;
    const head = {
      beforeTime: `{"level":"${level.toUpperCase()}","timestamp":"`,
      afterTime: `",${JSON.stringify({ ...base, event_type: eventType }).slice('{'.length, -'}'.length)}`,
      labels: names.map((name) => `,"${name}":`),
    };
    heads.set(kind, head);
    return head;
  }

  return ({ kind, values, given, atMs, queryId, trace }: LogLine): string | undefined => {
    const { beforeTime, afterTime, labels } = headOf(kind);
    let line = beforeTime + isoTime(atMs) + afterTime;
    if (queryId) line += `,"query_id":"${queryId}"`;
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (value === undefined) continue;
      const json = jsonOf(value);
      if (json === undefined) return undefined;
      line += labels[index] + json;
    }
    for (const key of Object.keys(given)) {
      const value = given[key];
      if (value === undefined || kind.told.has(key)) continue;
      const json = jsonOfGiven(key, value, options);
      if (json === undefined) return undefined;
      line += json;
    }
    if (trace) line += `,"trace_id":"${trace.traceId}","span_id":"${trace.spanId}"`;
    return `${line},"message":"${kind.message}"}\n`;
  };
}

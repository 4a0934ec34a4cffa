import { fieldRule } from './field-rules.js';
import type { Fields } from './log-format.js';
import type { LineOptions, LogLine } from './log-line.js';
import { CENSORED, redactField } from './redaction.js';

/** Whether a value may hold what somebody said: a text, or messages with texts in them. */
const hasText = (value: unknown): boolean => typeof value === 'string' || (typeof value === 'object' && value !== null);

/** Who asked, and what: pseudonyms and lengths, unless the settings want more; and no secrets in any case. */
function add(fields: Fields, key: string, given: unknown, { hashUser, showsTexts }: LineOptions): void {
  if (given === undefined) return;
  const { name, kind } = fieldRule(key);
  const value = kind === 'secret' && typeof given !== 'boolean' ? CENSORED : redactField(given);
  if (kind === 'user' && (typeof value === 'string' || typeof value === 'number')) {
    fields[name] = hashUser(value);
  } else if (kind === 'text' && hasText(value) && !showsTexts) {
    fields[`${name}_length`] = (typeof value === 'string' ? value : JSON.stringify(value)).length;
  } else {
    fields[name] = value;
  }
}

/** The fields of a line as an object, for pino and for formats that give them other names. Whatever they hold. */
export function lineFields({ kind, values, given, queryId }: LogLine, options: LineOptions): Fields {
  const fields: Fields = { event_type: kind.eventType };
  if (queryId) fields.query_id = queryId;
  kind.names.forEach((name, index) => {
    add(fields, name, values[index], options);
  });
  for (const key of Object.keys(given)) if (!kind.told.has(key)) add(fields, key, given[key], options);
  return fields;
}

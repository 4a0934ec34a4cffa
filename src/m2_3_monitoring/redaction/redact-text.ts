/**
 * What must not be shown: keys, tokens and passwords, by the names that they have and by what they look like.
 *
 * In: texts, and names of fields.
 * Out: the texts without secrets.
 * Must not know: all other rooms.
 *
 * @module
 */
import { redactAssignments } from './redact-assignments.js';
import { redactKeyShapes } from './redact-key-shapes.js';
import { CENSORED, secretPlaces } from './secret-places.js';

/** What is longer is cut, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 16_384;
/** So far is searched behind the cut, for a secret that begins before it. */
const OVERLAP = 1024;
/** No secret with its name is shorter, and no key that is known by its beginning. */
const SHORTEST = 6;
const SHORTEST_KEY = 12;

function redactAll(text: string): string {
  let redacted = text;
  for (const { needs = '', pattern, replace } of secretPlaces) {
    if (redacted.includes(needs)) redacted = redacted.replace(pattern, replace);
  }
  if (/[:=%,]/.test(redacted)) redacted = redactAssignments(redacted, CENSORED);
  return redacted.length < SHORTEST_KEY ? redacted : redactKeyShapes(redacted, CENSORED);
}

/**
 * A text without the keys, tokens and passwords that it quotes, as error messages of API clients do. A long text is cut before
 * it is searched.
 */
export function redactText(text: string, maxLength = MAX_TEXT_LENGTH): string {
  if (text.length < SHORTEST) return text;
  if (text.length <= maxLength) return redactAll(text);
  const shown = redactAll(text.slice(0, maxLength + OVERLAP)).slice(0, -OVERLAP);
  return `${shown}…[${text.length - maxLength} characters cut]`;
}

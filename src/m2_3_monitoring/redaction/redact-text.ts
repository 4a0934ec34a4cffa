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
/** No key that is known by its beginning is shorter. */
const SHORTEST_KEY = 12;
/** Without one of these a text holds no name with a value, and no other place of a secret. */
const SIGN = /[\s:=%,<]/;
/** A line of a stack that names a place in this program, and no address. Most of an error's text are such lines. */
const FRAME = /^ +at (?:async )?(?:[\w$.<>[\] ]+ \()?(?:node:|file:\/\/\/|\/|[A-Za-z]:[\\/])[\w$.@+ \\/-]*:\d+:\d+\)?$/;
const FIRST_FRAME = '\n    at ';

export const textPatterns = [SIGN, FRAME];

function redactAll(text: string): string {
  let redacted = text;
  if (SIGN.test(text)) {
    for (const { needs = '', pattern, replace } of secretPlaces) {
      if (redacted.includes(needs)) redacted = redacted.replace(pattern, replace);
    }
    redacted = redactAssignments(redacted, CENSORED);
  }
  return redacted.length < SHORTEST_KEY ? redacted : redactKeyShapes(redacted, CENSORED);
}

/** As `redactAll`, without a look at frames. */
function redactAround(text: string): string {
  const shown: string[] = [];
  let others: string[] = [];
  const redactOthers = () => {
    if (others.length > 0) shown.push(redactAll(others.join('\n')));
    others = [];
  };
  for (const line of text.split('\n')) {
    if (!FRAME.test(line)) {
      others.push(line);
      continue;
    }
    redactOthers();
    shown.push(line);
  }
  redactOthers();
  return shown.join('\n');
}

const redact = (text: string): string => (text.includes(FIRST_FRAME) ? redactAround(text) : redactAll(text));

/**
 * A text without the keys, tokens and passwords that it quotes, as error messages of API clients do. A long text is cut before
 * it is searched.
 */
export function redactText(text: string, maxLength = MAX_TEXT_LENGTH): string {
  if (text.length <= maxLength) return redact(text);
  const shown = redact(text.slice(0, maxLength + OVERLAP)).slice(0, -OVERLAP);
  return `${shown}…[${text.length - maxLength} characters cut]`;
}

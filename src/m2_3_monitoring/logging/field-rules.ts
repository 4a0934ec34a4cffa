import { redactText } from '../redaction/redact-text.js';
import { type Secrecy, secrecyOf } from '../redaction/secret-names.js';

/** Of whom or of what a field speaks: of a user, whose pseudonym is logged; of what people and models say, where it is a length. */
export type FieldKind = 'plain' | 'user' | 'text';

/** How a field with some key is logged. */
export interface FieldRule {
  /** Its name in the line. */
  name: string;
  /** Its name inside another field, where keys stay as they are. */
  nestedName: string;
  kind: FieldKind;
  secrecy: Secrecy | undefined;
}

/** Names that every line has, and the one that would be lost. */
const OWN_FIELDS = new Set(
  'timestamp level logger message service environment event_type query_id __proto__'.split(' '),
);
const USER_FIELD = /^(?:end_?)?users?_?(?:ids?|names?)?$/;
const TEXT_FIELDS = new Set('query question prompt messages content answer completion response_text'.split(' '));

function makeRule(key: string): FieldRule {
  const shown = redactText(key);
  const snake = shown.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return {
    name: OWN_FIELDS.has(snake) ? `field_${snake}` : snake,
    nestedName: shown === '__proto__' ? 'field___proto__' : shown,
    kind: USER_FIELD.test(snake.replaceAll('-', '_')) ? 'user' : TEXT_FIELDS.has(snake) ? 'text' : 'plain',
    secrecy: secrecyOf(key),
  };
}

const MAX_RULES = 500;
const MAX_CACHED_KEY_LENGTH = 64;

/** Gives rules, and keeps them by key: a service logs the same few in every line, and to make one takes as long as a line. */
export function createFieldRules(): (key: string) => FieldRule {
  const rules = new Map<string, FieldRule>();
  return (key) => {
    const known = rules.get(key);
    if (known) return known;
    const rule = makeRule(key);
    if (rules.size >= MAX_RULES) rules.clear();
    if (key.length <= MAX_CACHED_KEY_LENGTH) rules.set(key, rule);
    return rule;
  };
}

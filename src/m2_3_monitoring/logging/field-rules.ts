import { ERROR, REQUEST, RESPONSE } from './log-line.js';
import { isSecretKey } from './redaction.js';

/** How a field of a log line is treated: as it is, censored, as a person's name, or as what people and models say. */
export type FieldKind = 'plain' | 'secret' | 'user' | 'text';

/** The name under which a field is logged, and how. */
export interface FieldRule {
  name: string;
  /** The name as JSON, with what stands around it. */
  label: string;
  kind: FieldKind;
  /** Another field of the same line may have this name: one that the logger writes itself, or the same in another spelling. */
  mayClash: boolean;
}

/** Names that every line has already. */
const OWN_FIELDS = new Set('timestamp level logger message service environment event_type query_id'.split(' '));
/** Names that the logger gives to what it was told, in some lines. */
const TOLD_FIELDS = new Set([...REQUEST.names, ...RESPONSE.names, ...ERROR.names, 'trace_id', 'span_id']);

/** Fields that name a person. */
const USER_FIELD = /^(?:end)?[-_]?user[-_]?(?:id|name)?$/;
/** Fields that hold what people and models say. */
const TEXT_FIELDS = new Set('query question prompt messages content answer completion response_text'.split(' '));

function kindOf(key: string, name: string): FieldKind {
  if (isSecretKey(key)) return 'secret';
  if (USER_FIELD.test(name)) return 'user';
  return TEXT_FIELDS.has(name) ? 'text' : 'plain';
}

/** Rules of the keys so far: services use the same few in every line, and a rule takes several regular expressions. */
const rules = new Map<string, FieldRule>();
const MAX_RULES = 1000;
/** Of each name the first key's rule. */
const byName = new Map<string, FieldRule>();

function makeRule(key: string): FieldRule {
  const snake = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const name = OWN_FIELDS.has(snake) ? `field_${snake}` : snake;
  const other = byName.get(name);
  if (other) other.mayClash = true;
  return {
    name,
    label: `,${JSON.stringify(name)}:`,
    kind: kindOf(key, name),
    mayClash: TOLD_FIELDS.has(name) || other !== undefined,
  };
}

/** How a field with this key is logged. */
export function fieldRule(key: string): FieldRule {
  const known = rules.get(key);
  if (known !== undefined) return known;
  const rule = makeRule(key);
  if (rules.size >= MAX_RULES) return { ...rule, mayClash: true };
  rules.set(key, rule);
  if (!byName.has(rule.name)) byName.set(rule.name, rule);
  return rule;
}

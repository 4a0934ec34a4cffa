import { plainForm } from '../interop/plain-form.js';
import { isObject, read, UNREADABLE } from '../interop/safe-read.js';
import { MAX_TEXT_LENGTH, redactText } from '../redaction/redact-text.js';
import { isHidden, isSecretUnder } from '../redaction/secret-names.js';
import { CENSORED } from '../redaction/secret-places.js';
import type { FieldRule } from './field-rules.js';
import type { HashUser } from './user-hash.js';

/** A log line's fields in the lesson's names, before a format renames some. */
export type Fields = Record<string, unknown>;

/** What lines say of people, and how their fields are logged. */
export interface ReaderOptions {
  hashUser: HashUser;
  /** Whether texts of people and models are logged, or their lengths only. */
  showsTexts: boolean;
  ruleOf(key: string): FieldRule;
}

const MAX_DEPTH = 8;
/** How many values of one line are read. */
const MAX_VALUES = 2000;
/** What the signs around a field, and a number, take of a line. */
const FIELD_CHARACTERS = 8;

/** Fields of a user's object that name the user. */
const PERSON_FIELD = /^(?:id|login|email|handle|(?:(?:first|last|full|display)_?)?name)$/i;
/** Names of header fields, as they stand in lists in which each is followed by its value. */
const HEADER_NAME = /-|^authorization$|^cookie$/i;

function lengthOf(value: unknown): number {
  try {
    return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).length;
  } catch {
    return 0;
  }
}

/** Whether an item of a list is a secret by the name before it, as in `rawHeaders` and in entries. */
const isNamedBefore = (items: readonly unknown[], index: number): boolean => {
  const name = items[index - 1];
  return (
    typeof name === 'string' && (items.length === 2 || HEADER_NAME.test(name)) && isSecretUnder(name, items[index])
  );
};

/** Whether an object is a name with its value, and the value a secret by the name. */
const isNamedValue = (fields: object, key: string): boolean =>
  key === 'value' && ['name', 'key'].some((one) => isSecretUnder(String(read(fields, one)), ''));

/**
 * Reads what a caller gave into fields that JSON can hold, for one line: without secrets, with pseudonyms of users, with the
 * lengths of what people say. What was given stays as it is; what cannot be read costs its field.
 */
export class LineReader {
  readonly #options: ReaderOptions;
  /** The objects that hold the value at hand. */
  readonly #above: object[] = [];
  #valuesLeft = MAX_VALUES;
  #charactersLeft: number;

  constructor(options: ReaderOptions, maxCharacters: number) {
    this.#options = options;
    this.#charactersLeft = maxCharacters;
  }

  /** Adds a field of the line. */
  add(fields: Fields, key: string, value: unknown): void {
    if (value === undefined) return;
    const rule = this.#options.ruleOf(key);
    this.#set(fields, rule.name, rule, value);
  }

  /** Adds what the caller gave, except for some keys. */
  addAll(fields: Fields, given: unknown, except: ReadonlySet<string>): void {
    if (!isObject(given)) {
      this.add(fields, 'context', given ?? undefined);
      return;
    }
    const keys = Object.keys(given);
    for (const [index, key] of keys.entries()) {
      if (this.#isFull()) {
        fields.fields_cut = keys.length - index;
        return;
      }
      if (!except.has(key)) this.add(fields, key, read(given, key));
    }
  }

  #isFull(): boolean {
    return this.#charactersLeft <= 0 || this.#valuesLeft <= 0;
  }

  #set(fields: Fields, name: string, { kind, secrecy }: FieldRule, value: unknown): void {
    this.#charactersLeft -= name.length + FIELD_CHARACTERS;
    if (isHidden(value, secrecy)) {
      fields[name] = CENSORED;
    } else if (kind === 'text' && !this.#options.showsTexts && (typeof value === 'string' || isObject(value))) {
      fields[`${name}_length`] = lengthOf(value);
    } else {
      // A number of users is a count.
      const isUser = kind === 'user' && !(typeof value === 'number' && name.endsWith('s'));
      fields[name] = this.#plain(value, isUser);
    }
  }

  #plain(value: unknown, isUser: boolean): unknown {
    this.#valuesLeft -= 1;
    if (value === UNREADABLE) return '[unreadable]';
    if (isUser && (typeof value === 'string' || typeof value === 'number')) return this.#options.hashUser(value);
    if (typeof value === 'string') return this.#text(value);
    if (!isObject(value)) return value;
    if (this.#above.length > MAX_DEPTH || this.#above.includes(value) || this.#isFull()) return '[nested]';
    this.#above.push(value);
    try {
      const form = plainForm(value, this.#valuesLeft);
      if (form !== value) return this.#plain(form, isUser);
      return Array.isArray(value) ? this.#list(value, isUser) : this.#nested(value, isUser);
    } catch {
      return '[unreadable]';
    } finally {
      this.#above.pop();
    }
  }

  #text(text: string): string {
    const shown = redactText(text, Math.max(0, Math.min(MAX_TEXT_LENGTH, this.#charactersLeft)));
    this.#charactersLeft -= shown.length;
    return shown;
  }

  #list(items: readonly unknown[], isUser: boolean): unknown[] {
    const list: unknown[] = [];
    for (let index = 0; index < items.length; index++) {
      if (this.#isFull()) return [...list, `[${items.length - index} more]`];
      this.#charactersLeft -= FIELD_CHARACTERS;
      list.push(isNamedBefore(items, index) ? CENSORED : this.#plain(read(items, index), isUser));
    }
    return list;
  }

  #nested(value: object, isUser: boolean): Fields {
    const fields: Fields = {};
    const keys = Object.keys(value);
    for (const [index, key] of keys.entries()) {
      if (this.#isFull()) return { ...fields, fields_cut: keys.length - index };
      const rule = this.#options.ruleOf(key);
      if (isNamedValue(value, key)) fields[rule.nestedName] = CENSORED;
      else if (isUser && PERSON_FIELD.test(key)) fields[rule.nestedName] = this.#plain(read(value, key), true);
      else this.#set(fields, rule.nestedName, rule, read(value, key));
    }
    return fields;
  }
}

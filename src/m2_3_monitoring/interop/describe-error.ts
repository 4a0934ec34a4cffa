import { types } from 'node:util';
import { isObject, peek, read } from './safe-read.js';

export interface ErrorDescription {
  type: string;
  message: string;
  stack: string | undefined;
  /** What is not in the stack: codes, the members of several errors, a cause that is no error; undefined where there is nothing. */
  details: object | undefined;
}

const MAX_CAUSES = 10;

/** What kind of object it is, as its class or its makers say. */
export function tagOf(value: object): string {
  try {
    return Object.prototype.toString.call(value).slice('[object '.length, -']'.length);
  } catch {
    return 'Object';
  }
}

/** Also errors of another realm, as those of `vm` and Jest, of which `instanceof` knows nothing. */
export const isError = (value: unknown): value is Error =>
  types.isNativeError(value) || (isObject(value) && tagOf(value) === 'DOMException');

const hasMessage = (value: unknown): value is object => isObject(value) && typeof peek(value, 'message') === 'string';

const textAt = (value: unknown, key: string): string | undefined => {
  const found = peek(value, key);
  return typeof found === 'string' ? found : undefined;
};

/** An error and those that caused it, the outermost first. */
function withCauses(error: object): object[] {
  const chain: object[] = [];
  for (let one: unknown = error; hasMessage(one) && !chain.includes(one) && chain.length < MAX_CAUSES; ) {
    chain.push(one);
    one = peek(one, 'cause');
  }
  return chain;
}

/** Keys that `describeError` and JSON's form of an error have already. */
const KNOWN_KEYS = new Set(['name', 'message', 'stack', 'cause', 'errors']);

const ownKeys = (value: object): string[] => Object.keys(value).filter((key) => !KNOWN_KEYS.has(key));

/** The plain values that an error has besides message and stack, its members, and its cause where that says more. */
function detailsOf(error: object, depth = 0): Record<string, unknown> | undefined {
  const details: Record<string, unknown> = {};
  for (const key of ownKeys(error)) {
    const value = read(error, key);
    if (!isObject(value)) details[key] = value;
  }
  const [cause, errors] = [peek(error, 'cause'), peek(error, 'errors')];
  if (hasMessage(cause)) {
    const inner = depth < MAX_CAUSES ? detailsOf(cause, depth + 1) : undefined;
    if (inner) details.cause = { type: textAt(cause, 'name'), ...inner };
  } else if (cause !== undefined) {
    details.cause = cause;
  }
  if (Array.isArray(errors)) details.errors = errors;
  return Object.values(details).some((value) => value !== undefined) ? details : undefined;
}

/** What was thrown, as fields of a line. */
export function describeError(error: unknown): ErrorDescription {
  if (!hasMessage(error)) {
    const message = isObject(error) ? `[object ${tagOf(error)}]` : String(error);
    return { type: 'NonError', message, stack: undefined, details: isObject(error) ? error : undefined };
  }
  const chain = withCauses(error);
  const stacks = chain.map((one) => textAt(one, 'stack')).filter(Boolean);
  return {
    type: textAt(error, 'name') || (isError(error) ? 'Error' : 'NonError'),
    message: chain.map((one) => textAt(one, 'message')).join(': '),
    stack: stacks.length > 0 ? stacks.join('\ncaused by: ') : undefined,
    details: detailsOf(error),
  };
}

/** An error inside a field as an object, with its own fields, its cause and its members. */
export function errorFields(error: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of ownKeys(error)) fields[key] = read(error, key);
  return {
    ...fields,
    type: read(error, 'name'),
    message: read(error, 'message'),
    stack: read(error, 'stack'),
    cause: read(error, 'cause'),
    errors: read(error, 'errors'),
  };
}

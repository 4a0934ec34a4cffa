import { inspect } from 'node:util';

const MAX_VALUE_LENGTH = 100;

/** A value in a message. Of an object only its kind is named: what it holds may be a secret. */
function describeValue(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : inspect(value, { depth: Array.isArray(value) ? 0 : -1, breakLength: Number.POSITIVE_INFINITY });
  const short = text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
  return `${short} (${value === null ? 'null' : typeof value})`;
}

const coded = (message: string) => Object.assign(new TypeError(message), { code: 'ERR_INVALID_OPTION' });

/** The error of an option that has a wrong value, to be thrown; `hint` is what to do about it. */
export function invalidOption(name: string, expected: string, value: unknown, hint?: string): TypeError {
  return coded(`\`${name}\`: expected ${expected}, got ${describeValue(value)}${hint ? `; ${hint}` : ''}`);
}

/** @throws {TypeError} on options that are no object, or have a name that is not known */
export function assertKnownOptions(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw invalidOption('options', `an object with some of ${known.join(', ')}`, options);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw coded(`\`${unknown}\`: no such option; known are ${known.join(', ')}`);
}

/** @throws {TypeError} on anything but a text that is not empty */
export function assertText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw invalidOption(name, 'a text that is not empty', value);
}

/** @throws {TypeError} on anything but a port, or 0 for any free one */
export function assertPort(name: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 65_535)
    throw invalidOption(name, 'an integer from 0 to 65535', value);
}

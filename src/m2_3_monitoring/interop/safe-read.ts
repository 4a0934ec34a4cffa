/**
 * Careful access to objects of foreign code.
 *
 * In: objects of foreign code.
 * Out: their fields, read without throwing.
 * Must not know: all other rooms.
 *
 * @module
 */

/** Stands for a value whose getter threw. */
export const UNREADABLE = Symbol('unreadable');

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A property of anything; undefined where there is none, `UNREADABLE` where reading it throws. */
function read(value: unknown, key: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  } catch {
    return UNREADABLE;
  }
}

/** A property of anything, for deciding what it is: what cannot be read is not there. */
export function peek(value: unknown, key: PropertyKey): unknown {
  const found = read(value, key);
  return found === UNREADABLE ? undefined : found;
}

/** The fields of an object, of whatever values. */
export type Fields = { readonly [key: string]: unknown };

const NONE: Fields = Object.freeze({});
/** The fields of something that may not be there. */
export const within = (value: unknown): Fields => (value ?? NONE) as Fields;

/** A thing that may be a stream or a promise, although it looks like data, has one of these. */
interface Suspicious {
  then?: unknown;
  next?: unknown;
  _emit?: unknown;
  baseStream?: unknown;
  [Symbol.asyncIterator]?: unknown;
}

/** Whether an object is data and nothing else, as an answer that a client has read from JSON. */
export function isData(value: object): boolean {
  try {
    // They may be inherited, or not enumerable.
    const { then, next, _emit, baseStream, [Symbol.asyncIterator]: iterate } = value as Suspicious;
    if ((then ?? next ?? _emit ?? baseStream ?? iterate) !== undefined) return false;
    // After the fields: once V8 knows the object's shape it knows its prototype too, and need not ask for it.
    return Object.getPrototypeOf(value) === Object.prototype;
  } catch {
    return false;
  }
}

/** Stands for an object of which some fields throw: those are `UNREADABLE` here, and what lies in the others is like this, too. */
function readable(value: object): Fields {
  return new Proxy(
    {},
    {
      get(_, key) {
        const found = read(value, key);
        return isObject(found) ? readable(found) : found;
      },
      ownKeys: () => Reflect.ownKeys(value),
      getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
    },
  );
}

/** Looks at fields whose names are in the code of `look`, in a fraction of the time that `read` takes for each of them. */
export function lookInto<Found>(value: object, look: (fields: Fields) => Found): Found {
  try {
    return look(value as Fields);
  } catch {
    return look(readable(value));
  }
}

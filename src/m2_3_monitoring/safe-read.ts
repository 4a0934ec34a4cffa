/** Stands for a value whose getter threw. */
export const UNREADABLE = Symbol('unreadable');

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A property of anything; undefined where there is none, `UNREADABLE` where reading it throws. */
export function read(value: unknown, key: PropertyKey): unknown {
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

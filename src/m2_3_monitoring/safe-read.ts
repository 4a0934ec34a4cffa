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

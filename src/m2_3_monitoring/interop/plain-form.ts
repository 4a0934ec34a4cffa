import { errorFields, isError, tagOf } from './describe-error.js';

/** Collections of names with values that JSON would show as `{}`. */
const MAPS = new Set(['Map', 'Headers', 'FormData', 'URLSearchParams']);
const BOXES = new Set(['String', 'Number', 'Boolean']);

/** Of a large collection only a part is read. */
function first<Item>(items: Iterable<Item>, count: number): Item[] {
  const taken: Item[] = [];
  for (const item of items) {
    if (taken.push(item) >= count) break;
  }
  return taken;
}

/**
 * What a log line shows of an object: the outcome of `toJSON`, an error's fields, the entries of a Map; the object itself where
 * it is an array or has fields. Throws what the object's own code throws.
 * @param limit how many entries of a Map or a Set
 */
export function plainForm(value: object, limit: number): unknown {
  if (Array.isArray(value)) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return toJSON.call(value);
  if (isError(value)) return errorFields(value);
  const tag = tagOf(value);
  if (tag === 'Set') return first(value as Set<unknown>, limit);
  if (BOXES.has(tag)) return value.valueOf();
  if (!MAPS.has(tag)) return value;
  const entries = first(value as Map<unknown, unknown>, limit);
  return entries.every(([key]) => typeof key === 'string') ? Object.fromEntries(entries) : entries;
}

import { isData, isObject } from '../interop/safe-read.js';
import { isStream, watchStream } from './watch-stream.js';
import type { QueryRecord } from './watched-call.js';

/** A tuple has few parts; what has more is a list of answers. */
const MAX_PARTS = 64;

type Part = [key: PropertyKey, stream: object];

/** The value of a property; undefined where it is a getter, which may start what the caller may not want to start. */
const dataIn = (value: object, key: PropertyKey): unknown => Object.getOwnPropertyDescriptor(value, key)?.value;

/** The streams among the parts of a result such as `{ stream, sources }` or `[stream, headers]`. */
function streamsIn(result: object): Part[] {
  if (Array.isArray(result) && result.length > MAX_PARTS) return [];
  const parts: Part[] = [];
  for (const key of Object.keys(result).slice(0, MAX_PARTS)) {
    const part = dataIn(result, key);
    if (isObject(part) && !isData(part) && !Array.isArray(part) && isStream(part)) parts.push([key, part]);
  }
  return parts;
}

/** Whether a result holds a stream, with which the call ends. */
export const holdsStream = (result: object): boolean => streamsIn(result).length > 0;

/** Watches one stream of a result in its place. False where that is not possible. */
function watchPart(result: object, [key, stream]: Part, record: QueryRecord): boolean {
  const watched = watchStream(stream, record);
  return watched === stream || (watched !== undefined && Reflect.set(result, key, watched));
}

/** Watches the streams of a result: the call ends with the first of them that ends. */
export function watchStreamsIn(result: object, record: QueryRecord): void {
  const isWatched = streamsIn(result).map((part) => watchPart(result, part, record));
  if (!isWatched.includes(true)) record.succeedUnwatched(result);
}

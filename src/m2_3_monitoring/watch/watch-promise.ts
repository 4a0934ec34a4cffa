import { types } from 'node:util';
import { type AnyFunction, isFunction, replaceMethod } from '../interop/replace-method.js';
import { peek } from '../interop/safe-read.js';
import type { QueryRecord } from './watched-call.js';

export type Then = (onValue?: AnyFunction | null, onError?: AnyFunction | null) => unknown;
/** Watches what a promise gave, which may be a stream, and gives what its consumer gets. */
type Settle = (value: unknown, record: QueryRecord) => unknown;

/** Records that wait for a promise which several calls have returned: it is changed once, however often it comes. */
const waiting = new WeakMap<object, QueryRecord[]>();

/** True for the first record of an object, which has to change it. */
function isFirstOf(target: object, record: QueryRecord): boolean {
  const records = waiting.get(target);
  if (records) records.push(record);
  else waiting.set(target, [record]);
  return records === undefined;
}

function recordsOf(target: object, record: QueryRecord): QueryRecord[] {
  return waiting.get(target)?.splice(0) ?? [record];
}

/** What stands for a promise's value where that could not be watched in place: every consumer gets the same. */
const resolvedTo = new WeakMap<object, unknown>();

function resolveOnce(promise: object, record: QueryRecord, settle: Settle, value: unknown): unknown {
  const records = recordsOf(promise, record);
  if (records.length === 0) return resolvedTo.has(promise) ? resolvedTo.get(promise) : value;
  const resolved = records.reduce(settle, value);
  if (resolved !== value) resolvedTo.set(promise, resolved);
  return resolved;
}

function failAll(promise: object, record: QueryRecord, error: unknown): void {
  for (const one of recordsOf(promise, record)) one.fail(error);
}

const resumeAll = (promise: object): void => {
  for (const record of waiting.get(promise) ?? []) record.resume();
};

/** Whether a promise works as those of Node do: neither its class nor its `then` is another. */
export function isNativePromise(value: unknown): value is Promise<unknown> {
  try {
    return value instanceof Promise && value.constructor === Promise && value.then === Promise.prototype.then;
  } catch {
    // A proxy that does not even say what it is.
    return false;
  }
}

/** Gives a promise the properties of another one, such as `cancel`. */
export function keepProperties(promise: Promise<unknown>, followed: Promise<unknown>): Promise<unknown> {
  for (const _ in promise) return withPropertiesOf(promise, followed);
  return followed;
}

function withPropertiesOf(promise: object, followed: Promise<unknown>): Promise<unknown> {
  const all = Object.entries(Object.getOwnPropertyDescriptors(promise));
  return Object.defineProperties(followed, Object.fromEntries(all.filter(([, { enumerable }]) => enumerable)));
}

function observeThen(
  promise: object,
  then: Then,
  record: QueryRecord,
  settle: Settle,
  handlers: Parameters<Then>,
): unknown {
  const [onValue, onError] = handlers;
  const succeed = (value: unknown) => {
    const resolved = resolveOnce(promise, record, settle, value);
    return isFunction(onValue) ? onValue(resolved) : resolved;
  };
  const fail = (error: unknown) => {
    failAll(promise, record, error);
    if (isFunction(onError)) return onError(error);
    throw error;
  };
  try {
    return then.call(promise, succeed, fail);
  } catch (error) {
    failAll(promise, record, error);
    throw error;
  }
}

/**
 * The promise class of the OpenAI and Anthropic clients: `catch`, `finally` and `withResponse` come by `parse`, `then` does
 * so in most classes, and `asResponse` alone leaves the body to its caller.
 */
function watchApiPromise(
  promise: object,
  { parse, asResponse }: { parse: AnyFunction; asResponse: AnyFunction },
  record: QueryRecord,
  settle: Settle,
): void {
  let parsed: Promise<unknown> | undefined;
  replaceMethod(promise, 'parse', () => {
    resumeAll(promise);
    const inner: Promise<unknown> = parse.call(promise);
    parsed ??= inner.then(
      (value) => resolveOnce(promise, record, settle, value),
      (error) => {
        failAll(promise, record, error);
        throw error;
      },
    );
    return parsed;
  });
  replaceMethod(promise, 'asResponse', () => {
    resumeAll(promise);
    return asResponse.call(promise).then(
      (response: unknown) => {
        if (!parsed) for (const one of recordsOf(promise, record)) one.succeed(undefined);
        return response;
      },
      (error: unknown) => {
        failAll(promise, record, error);
        throw error;
      },
    );
  });
}

/** `await` asks a promise of this class for its `then`; those of Node's own class it reads from within. */
class WatchedPromise<Value> extends Promise<Value> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }
}

/**
 * Watches any other thenable (a client's own promise class with methods, a lazy query) to its end. It stays the very same
 * object, and is in progress from the moment its value is asked for. False where it cannot be changed: to ask it for its
 * value would start what the caller may not want to start.
 */
export function watchPromise(promise: object, then: Then, record: QueryRecord, settle: Settle): boolean {
  // Its value was not asked for yet, and perhaps never will be.
  record.pause();
  if (!isFirstOf(promise, record)) return true;
  const observed: Then = (...handlers) => {
    resumeAll(promise);
    return observeThen(promise, then, record, settle, handlers);
  };
  if (!replaceMethod(promise, 'then', observed)) {
    recordsOf(promise, record);
    record.resume();
    return false;
  }
  if (types.isPromise(promise) && promise.constructor === Promise)
    replaceMethod(promise, 'constructor', WatchedPromise as unknown as AnyFunction);
  const parse = peek(promise, 'parse');
  const asResponse = peek(promise, 'asResponse');
  if (isFunction(parse) && isFunction(asResponse)) watchApiPromise(promise, { parse, asResponse }, record, settle);
  return true;
}

/**
 * Follows a promise that cannot be changed, where it is one whose work goes on without being asked for; another thenable is
 * left as it is.
 */
export function followFrozenPromise(promise: object, then: Then, record: QueryRecord, settle: Settle): unknown {
  if (types.isPromise(promise)) return observeThen(promise, then, record, settle, []);
  record.succeedUnwatched(promise);
  return promise;
}

import { peek } from './safe-read.js';
import { type AnyFunction, isFunction, replaceMethod, type Watcher } from './watcher.js';

export type Then = (onValue?: AnyFunction | null, onError?: AnyFunction | null) => unknown;
/** Watches what a promise gave, which may be a stream, and gives what its consumer gets. */
type Settle = (value: unknown, watcher: Watcher) => unknown;

/** Records that wait for a promise which several calls have returned: it is changed once, however often it comes. */
const waiting = new WeakMap<object, Set<Watcher>>();

/** True for the first watcher of an object, which has to change it. */
function isFirstOf(target: object, watcher: Watcher): boolean {
  const watchers = waiting.get(target);
  if (watchers) watchers.add(watcher);
  else waiting.set(target, new Set([watcher]));
  return watchers === undefined;
}

function watchersOf(target: object, watcher: Watcher): Watcher[] {
  const watchers = waiting.get(target);
  const all = watchers ? [...watchers] : [watcher];
  watchers?.clear();
  return all;
}

/** What stands for a promise's value where that could not be watched in place: everybody who asks gets the same. */
const handedOver = new WeakMap<object, unknown>();

function handOver(promise: object, watcher: Watcher, settle: Settle, value: unknown): unknown {
  const watchers = watchersOf(promise, watcher);
  if (watchers.length === 0) return handedOver.has(promise) ? handedOver.get(promise) : value;
  const handed = watchers.reduce(settle, value);
  if (handed !== value) handedOver.set(promise, handed);
  return handed;
}

function failAll(promise: object, watcher: Watcher, error: unknown): void {
  for (const { record } of watchersOf(promise, watcher)) record.fail(error);
}

const resumeAll = (promise: object): void => {
  for (const { record } of waiting.get(promise) ?? []) record.resume();
};

/** Follows a plain promise: nobody else can have changed it, and each call follows it for itself. */
function follow(promise: Promise<unknown>, watcher: Watcher, settle: Settle): Promise<unknown> {
  return promise.then(
    (value) => settle(value, watcher),
    (error) => {
      watcher.record.fail(error);
      throw error;
    },
  );
}

function observeThen(
  promise: object,
  then: Then,
  watcher: Watcher,
  settle: Settle,
  handlers: Parameters<Then>,
): unknown {
  const [onValue, onError] = handlers;
  const succeed = (value: unknown) => {
    const handed = handOver(promise, watcher, settle, value);
    return isFunction(onValue) ? onValue(handed) : handed;
  };
  const fail = (error: unknown) => {
    failAll(promise, watcher, error);
    if (isFunction(onError)) return onError(error);
    throw error;
  };
  return then.call(promise, succeed, fail);
}

/**
 * The promise class of the OpenAI and Anthropic clients: `then`, `catch`, `finally` and `withResponse` all come by `parse`,
 * and `asResponse` alone leaves the body to its caller.
 */
function watchApiPromise(
  promise: object,
  { parse, asResponse }: { parse: AnyFunction; asResponse: AnyFunction },
  watcher: Watcher,
  settle: Settle,
): void {
  let parsed: Promise<unknown> | undefined;
  replaceMethod(promise, 'parse', () => {
    resumeAll(promise);
    const inner: Promise<unknown> = parse.call(promise);
    parsed ??= inner.then(
      (value) => handOver(promise, watcher, settle, value),
      (error) => {
        failAll(promise, watcher, error);
        throw error;
      },
    );
    return parsed;
  });
  replaceMethod(promise, 'asResponse', () => {
    resumeAll(promise);
    return asResponse.call(promise).then(
      (response: unknown) => {
        if (!parsed) for (const { record } of watchersOf(promise, watcher)) record.succeed(undefined);
        return response;
      },
      (error: unknown) => {
        failAll(promise, watcher, error);
        throw error;
      },
    );
  });
}

/**
 * Watches a promise to its end. A plain promise is followed by an equal one, so that an unhandled rejection stays
 * unhandled. Any other thenable (a client's own promise class with methods, a lazy query) stays the very same object, and
 * is in progress from the moment somebody asks for its value.
 */
export function watchPromise(promise: object, then: Then, watcher: Watcher, settle: Settle): unknown {
  if (promise instanceof Promise && promise.constructor === Promise && !Object.hasOwn(promise, 'then')) {
    return follow(promise, watcher, settle);
  }
  // Nobody has asked for its value yet, and perhaps nobody will.
  watcher.record.pause();
  const parse = peek(promise, 'parse');
  const asResponse = peek(promise, 'asResponse');
  if (isFunction(parse) && isFunction(asResponse)) {
    if (isFirstOf(promise, watcher)) watchApiPromise(promise, { parse, asResponse }, watcher, settle);
    return promise;
  }
  if (!isFirstOf(promise, watcher)) return promise;
  const observed: Then = (...handlers) => {
    resumeAll(promise);
    return observeThen(promise, then, watcher, settle, handlers);
  };
  if (replaceMethod(promise, 'then', observed)) return promise;
  // One that does not let itself be changed can only be followed.
  watcher.record.resume();
  return observeThen(promise, then, watcher, settle, []);
}

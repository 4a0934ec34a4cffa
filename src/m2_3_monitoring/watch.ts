import { finished, Readable } from 'node:stream';
import type { CallContext } from './call-context.js';
import type { QueryRecord } from './record-query.js';
import { isObject, peek } from './safe-read.js';
import { watchReadableStream } from './watch-readable-stream.js';

// biome-ignore lint/suspicious/noExplicitAny: functions of other libraries are passed on as they are
type AnyFunction = (this: any, ...values: any[]) => any;
type Then = (onValue?: AnyFunction | null, onError?: AnyFunction | null) => unknown;

/** What watches a value to its true end. */
export interface Watcher {
  record: QueryRecord;
  /** Runs the work of a stream inside the call's context, so that its log lines carry the query's id. */
  context: CallContext;
}

/** Replaces a method of one object, and leaves its class alone. False where the object does not let itself be changed. */
function replaceMethod(target: object, key: PropertyKey, method: AnyFunction): boolean {
  return Reflect.defineProperty(target, key, { value: method, configurable: true, writable: true, enumerable: false });
}

const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

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

/** Follows a plain promise: nobody else can have changed it, and each call follows it for itself. */
function follow(promise: Promise<unknown>, watcher: Watcher): Promise<unknown> {
  return promise.then(
    (value) => watchValue(value, watcher),
    (error) => {
      watcher.record.fail(error);
      throw error;
    },
  );
}

function observeThen(watcher: Watcher, then: Then, promise: object, onValue?: unknown, onError?: unknown): unknown {
  const succeed = (value: unknown) => {
    const handed = watchersOf(promise, watcher).reduce(watchValue, value);
    return isFunction(onValue) ? onValue(handed) : handed;
  };
  const fail = (error: unknown) => {
    for (const { record } of watchersOf(promise, watcher)) record.fail(error);
    if (isFunction(onError)) return onError(error);
    throw error;
  };
  return then.call(promise, succeed, fail);
}

/**
 * The promise class of the OpenAI and Anthropic clients: `then`, `catch`, `finally` and `withResponse` all come by `parse`,
 * and `asResponse` alone leaves the body to its caller.
 */
function watchApiPromise(promise: object, parse: AnyFunction, asResponse: AnyFunction, watcher: Watcher): void {
  let parsed: Promise<unknown> | undefined;
  replaceMethod(promise, 'parse', () => {
    const inner: Promise<unknown> = parse.call(promise);
    parsed ??= inner.then(
      (value) => watchersOf(promise, watcher).reduce(watchValue, value),
      (error) => {
        for (const { record } of watchersOf(promise, watcher)) record.fail(error);
        throw error;
      },
    );
    return parsed;
  });
  replaceMethod(promise, 'asResponse', () =>
    asResponse.call(promise).then(
      (response: unknown) => {
        if (!parsed) for (const { record } of watchersOf(promise, watcher)) record.succeed(undefined);
        return response;
      },
      (error: unknown) => {
        for (const { record } of watchersOf(promise, watcher)) record.fail(error);
        throw error;
      },
    ),
  );
}

/**
 * Watches a promise to its end. A plain promise is followed by an equal one, so that an unhandled rejection stays
 * unhandled. Any other thenable (a client's own promise class with methods, a lazy query) stays the very same object, and
 * is in progress from the moment somebody asks for its value.
 */
function watchPromise(promise: object, then: Then, watcher: Watcher): unknown {
  if (promise instanceof Promise && promise.constructor === Promise && !Object.hasOwn(promise, 'then')) {
    return follow(promise, watcher);
  }
  const parse = peek(promise, 'parse');
  const asResponse = peek(promise, 'asResponse');
  if (isFunction(parse) && isFunction(asResponse)) {
    if (isFirstOf(promise, watcher)) watchApiPromise(promise, parse, asResponse, watcher);
    return promise;
  }
  watcher.record.pause();
  if (!isFirstOf(promise, watcher)) return promise;
  const observed: Then = (...handlers) => {
    for (const { record } of waiting.get(promise) ?? []) record.resume();
    return observeThen(watcher, then, promise, ...handlers);
  };
  if (replaceMethod(promise, 'then', observed)) return promise;
  // One that does not let itself be changed can only be followed.
  watcher.record.resume();
  return observeThen(watcher, then, promise);
}

type Step = { done?: boolean; value?: unknown };

/** Watches the three methods by which an iterator, sync or async, is driven; a client's stream may end itself when aborted. */
function watchIterator(iterator: object, watcher: Watcher, wasAborted: () => boolean = () => false): void {
  const { record, context } = watcher;
  const isSettled = (value: unknown): value is Step => isObject(value) && !isFunction(peek(value, 'then'));
  const take = (step: Step): Step => {
    if (step.done) record.finish(wasAborted() ? 'aborted' : 'success', step.value);
    else record.chunk(step.value);
    return step;
  };
  const fail = (error: unknown): never => {
    record.fail(error);
    throw error;
  };
  const drive = (method: AnyFunction) =>
    function (this: unknown, ...values: unknown[]): unknown {
      record.restart();
      try {
        const step = context.run(record, () => method.apply(iterator, values));
        return isSettled(step) ? take(step) : (step as Promise<Step>).then(take, fail);
      } catch (error) {
        return fail(error);
      }
    };
  const next = peek(iterator, 'next');
  if (isFunction(next)) replaceMethod(iterator, 'next', drive(next));
  const thrown = peek(iterator, 'throw');
  if (isFunction(thrown)) replaceMethod(iterator, 'throw', drive(thrown));
  const returned = peek(iterator, 'return');
  if (!isFunction(returned)) return;
  replaceMethod(iterator, 'return', (...values: unknown[]) => {
    // The consumer stops: what runs now is only the tidying up.
    record.finish('aborted');
    return context.run(record, () => returned.apply(iterator, values));
  });
}

/** Watches an object whose method makes an iterator: an SDK's stream, or any other async iterable. */
function watchIterable(iterable: object, key: PropertyKey, make: AnyFunction, watcher: Watcher): boolean {
  const wasAborted = () => peek(peek(peek(iterable, 'controller'), 'signal'), 'aborted') === true;
  let first = true;
  return replaceMethod(iterable, key, (...values: unknown[]) => {
    const iterator = make.apply(iterable, values);
    // A second iteration is not another call.
    if (first && isObject(iterator)) watchIterator(iterator, watcher, wasAborted);
    first = false;
    return iterator;
  });
}

/** The event streams of the OpenAI and Anthropic clients (`.stream()` helpers) tell everything by `_emit`. */
function watchEventStream(stream: object, emit: AnyFunction, { record }: Watcher): void {
  replaceMethod(stream, '_emit', (event: unknown, ...values: unknown[]) => {
    // Both report raw events under one of these names.
    if (event === 'streamEvent' || event === 'chunk' || event === 'event') record.chunk(values[0]);
    else if (event === 'abort') record.finish('aborted');
    else if (event === 'error') record.fail(values[0]);
    else if (event === 'end') record.finish('success');
    return emit.call(stream, event, ...values);
  });
}

/** The result of the Vercel AI SDK's `streamText`: every way to consume it goes through `baseStream`. */
function watchStreamTextResult(result: object, baseStream: ReadableStream, watcher: Watcher): void {
  const { record } = watcher;
  const inBand = (chunk: unknown) => {
    const part = peek(chunk, 'part') ?? chunk;
    const type = peek(part, 'type');
    if (type === 'error') record.fail(peek(part, 'error'));
    else if (type === 'abort') record.finish('aborted');
    else record.chunk(part);
  };
  (result as { baseStream: ReadableStream }).baseStream = watchReadableStream(baseStream, watcher, inBand);
}

function watchNodeStream(stream: Readable, { record }: Watcher): void {
  finished(stream, { writable: false }, (error) => {
    if (!error) record.finish('success');
    else if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') record.finish('aborted');
    else record.fail(error);
  });
}

const isGenerator = (value: object): boolean =>
  isFunction(peek(value, 'next')) && isFunction(peek(value, 'return')) && isFunction(peek(value, 'throw'));

/** Watches a value that is a stream of some kind; undefined where it is none. Lazy ones are in progress once consumed. */
function watchStream(value: object, watcher: Watcher): unknown {
  const emit = peek(value, '_emit');
  if (isFunction(emit) && isFunction(peek(value, 'abort')) && isFunction(peek(value, 'on'))) {
    watchEventStream(value, emit, watcher);
    return value;
  }
  if (value instanceof Readable) {
    watchNodeStream(value, watcher);
    return value;
  }
  if (value instanceof ReadableStream) return watchReadableStream(value, watcher);
  const baseStream = peek(Object.getOwnPropertyDescriptor(value, 'baseStream'), 'value');
  if (baseStream instanceof ReadableStream) {
    watchStreamTextResult(value, baseStream, watcher);
    return value;
  }
  if (isGenerator(value)) {
    watcher.record.pause();
    watchIterator(value, watcher);
    return value;
  }
  return watchSdkStream(value, watcher) ? value : undefined;
}

function watchSdkStream(value: object, watcher: Watcher): boolean {
  const iterate = peek(value, Symbol.asyncIterator);
  if (!isFunction(iterate)) return false;
  // The clients' streams split (`tee`) and convert themselves by `iterator`, which their `Symbol.asyncIterator` calls too.
  const iterator = peek(value, 'iterator');
  if (isFunction(iterator)) return watchIterable(value, 'iterator', iterator, watcher);
  return watchIterable(value, Symbol.asyncIterator, iterate, watcher);
}

function watchUnsafely(value: unknown, watcher: Watcher): unknown {
  if (isObject(value) || isFunction(value)) {
    const then = peek(value, 'then');
    if (isFunction(then)) return watchPromise(value, then, watcher);
    const stream = watchStream(value, watcher);
    if (stream !== undefined) return stream;
  }
  watcher.context.remember(value, watcher.record);
  watcher.record.succeed(value);
  return value;
}

/** Watches what a call returned to its true end, and gives what the caller gets: the same object, or one just like it. */
export function watchValue(value: unknown, watcher: Watcher): unknown {
  try {
    return watchUnsafely(value, watcher);
  } catch {
    // A proxy that does not even say what it is: the call has succeeded, and the caller gets what it returned.
    watcher.record.succeed(undefined);
    return value;
  }
}

import { type AnyFunction, isFunction, replaceMethod } from './functions.js';
import type { QueryRecord } from './query-record.js';
import { isObject, peek } from './safe-read.js';
import { isNativePromise } from './watch-promise.js';

const ASYNC_GENERATOR_NEXT = (async function* () {})().next;

type Step = { done?: boolean; value?: unknown };

/** Watches the three methods by which an iterator, sync or async, is driven; a client's stream may end itself when aborted. */
export function watchIterator(iterator: object, record: QueryRecord, wasAborted: () => boolean = () => false): boolean {
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
  const drive =
    (method: AnyFunction) =>
    (...values: unknown[]): unknown => {
      // A generator, paused until now, begins its work here; a client's request, in progress already, keeps its clock.
      record.restart();
      try {
        const step = record.run(method, iterator, values);
        if (givesPromises || isNativePromise(step)) return (step as Promise<Step>).then(take, fail);
        return isSettled(step) ? take(step) : (step as Promise<Step>).then(take, fail);
      } catch (error) {
        return fail(error);
      }
    };
  const next = peek(iterator, 'next');
  const givesPromises = next === ASYNC_GENERATOR_NEXT;
  if (!isFunction(next) || !replaceMethod(iterator, 'next', drive(next))) return false;
  const thrown = peek(iterator, 'throw');
  if (isFunction(thrown)) replaceMethod(iterator, 'throw', drive(thrown));
  const returned = peek(iterator, 'return');
  if (!isFunction(returned)) return true;
  return replaceMethod(iterator, 'return', (...values: unknown[]) => {
    // The consumer stops: what runs now is only the tidying up.
    record.finish('aborted');
    return record.run(returned, iterator, values);
  });
}

/** Watches an object whose method makes an iterator: an SDK's stream, or any other async iterable. */
export function watchIterable(iterable: object, key: PropertyKey, make: AnyFunction, record: QueryRecord): boolean {
  const signal = peek(peek(iterable, 'controller'), 'signal');
  const wasAborted = () => peek(signal, 'aborted') === true;
  // A client aborts its own request when its stream fails: the error, a few microtasks later, says more.
  const abort = () => void setImmediate(() => record.finish('aborted'));
  if (signal instanceof AbortSignal) signal.addEventListener('abort', abort, { once: true });
  // In progress from the moment somebody consumes it: perhaps nobody will.
  record.pause();
  let first = true;
  return replaceMethod(iterable, key, (...values: unknown[]) => {
    record.resume();
    const iterator = make.apply(iterable, values);
    // A second iteration is not another call.
    if (first && isObject(iterator)) watchIterator(iterator, record, wasAborted);
    first = false;
    return iterator;
  });
}

/** Whether a value is driven by the three methods of a generator. */
export const isGenerator = (value: object): boolean =>
  isFunction(peek(value, 'next')) && isFunction(peek(value, 'return')) && isFunction(peek(value, 'throw'));

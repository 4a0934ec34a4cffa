import { type AnyFunction, isFunction, replaceMethod } from '../interop/replace-method.js';
import { isObject, peek } from '../interop/safe-read.js';
import { isNativePromise } from './watch-promise.js';
import type { QueryRecord } from './watched-call.js';

const ASYNC_GENERATOR = Object.getPrototypeOf(async function* () {}.prototype);

type Step = { done?: boolean; value?: unknown };

const isThenable = (value: unknown): boolean => isObject(value) && isFunction(peek(value, 'then'));
const never = () => false;

/**
 * Drives an iterator, sync or async, by its three methods, and gives a record each step. A client's stream may end itself
 * when it is aborted.
 */
class WatchedIterator {
  readonly #iterator: object;
  readonly #record: QueryRecord;
  readonly #wasAborted: () => boolean;
  readonly #next: AnyFunction;
  readonly #givesPromises: boolean;
  // Closures, for a bound function takes longer to call, and these are called a thousand times.
  readonly #take = (step: unknown): unknown => {
    try {
      // What is no object, or throws when it is read, ends the loop that it is given to with an error.
      if (!isObject(step)) throw new TypeError('the iterator gave a step that is no object');
      const { done, value } = step as Step;
      if (done) this.#record.finish(this.#wasAborted() ? 'aborted' : 'success', value);
      else this.#record.chunk(value);
    } catch (error) {
      this.#record.fail(error);
    }
    return step;
  };
  readonly #fail = (error: unknown): never => {
    this.#record.fail(error);
    throw error;
  };

  constructor(iterator: object, next: AnyFunction, record: QueryRecord, wasAborted: () => boolean) {
    this.#iterator = iterator;
    this.#next = next;
    this.#givesPromises = next === ASYNC_GENERATOR.next;
    this.#record = record;
    this.#wasAborted = wasAborted;
  }

  next(...values: unknown[]): unknown {
    return this.drive(this.#next, values);
  }

  /** Calls a method that gives the next step. */
  drive(method: AnyFunction, values: unknown[]): unknown {
    // A generator, paused until now, begins its work here; a client's request, in progress already, keeps its clock.
    this.#record.restart();
    try {
      const step = this.#record.run(method, this.#iterator, values);
      if (this.#givesPromises || isNativePromise(step)) return (step as Promise<Step>).then(this.#take, this.#fail);
      // A foreign `then` may give nothing: it is asked as `await` would ask it.
      return isThenable(step) ? Promise.resolve(step).then(this.#take, this.#fail) : this.#take(step);
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** Calls a method by which the consumer stops: what runs now is only the tidying up. */
  stop(method: AnyFunction, values: unknown[]): unknown {
    this.#record.finish('aborted');
    return this.#record.run(method, this.#iterator, values);
  }
}

/** Watches an iterator in place, as its consumer may have it already. False where it cannot be changed. */
export function watchIterator(iterator: object, record: QueryRecord, wasAborted = never): boolean {
  const next = peek(iterator, 'next');
  if (!isFunction(next)) return false;
  const watched = new WatchedIterator(iterator, next, record, wasAborted);
  if (!replaceMethod(iterator, 'next', watched.next.bind(watched))) return false;
  const thrown = peek(iterator, 'throw');
  if (isFunction(thrown)) replaceMethod(iterator, 'throw', (...values) => watched.drive(thrown, values));
  const returned = peek(iterator, 'return');
  if (isFunction(returned)) replaceMethod(iterator, 'return', (...values) => watched.stop(returned, values));
  return true;
}

/**
 * Stands for an async generator that a stream has just made for its consumer. All of these are of one class, which V8 knows;
 * each of a client's generators has its own, and to replace methods of one takes as long as to watch forty chunks.
 */
class WatchedGenerator extends WatchedIterator {
  throw(...values: unknown[]): unknown {
    return this.drive(ASYNC_GENERATOR.throw, values);
  }

  return(...values: unknown[]): unknown {
    return this.stop(ASYNC_GENERATOR.return, values);
  }
}
// Whatever else an async generator can do is inherited, as a generator's own class inherits it.
Object.setPrototypeOf(WatchedIterator.prototype, ASYNC_GENERATOR);

const isEmpty = (value: object): boolean => Reflect.ownKeys(value).length === 0;

/** Whether an iterator is an async generator on which nothing hangs, and on whose own class neither. */
function isPlainGenerator(iterator: object): boolean {
  try {
    const own = Object.getPrototypeOf(iterator);
    return Object.getPrototypeOf(own) === ASYNC_GENERATOR && isEmpty(iterator) && isEmpty(own);
  } catch {
    return false;
  }
}

/** Watches a new iterator, and gives what stands for it. */
function watchNewIterator(iterator: unknown, record: QueryRecord, wasAborted: () => boolean): unknown {
  if (!isObject(iterator)) return iterator;
  if (isPlainGenerator(iterator)) return new WatchedGenerator(iterator, ASYNC_GENERATOR.next, record, wasAborted);
  watchIterator(iterator, record, wasAborted);
  return iterator;
}

function makeIterator(iterable: object, make: AnyFunction, values: unknown[], record: QueryRecord): unknown {
  try {
    return make.apply(iterable, values);
  } catch (error) {
    record.fail(error);
    throw error;
  }
}

/** Watches an object whose method makes an iterator: an SDK's stream, or any other async iterable. */
export function watchIterable(iterable: object, key: PropertyKey, make: AnyFunction, record: QueryRecord): boolean {
  const signal = peek(peek(iterable, 'controller'), 'signal');
  const wasAborted = () => peek(signal, 'aborted') === true;
  // A client aborts its own request when its stream fails: the error, a few microtasks later, says more.
  const abort = () => void setImmediate(() => record.finish('aborted'));
  if (signal instanceof AbortSignal) signal.addEventListener('abort', abort);
  // In progress from the moment it is consumed, which may be never.
  record.pause();
  let first = true;
  return replaceMethod(iterable, key, (...values: unknown[]) => {
    record.resume();
    const iterator = makeIterator(iterable, make, values, record);
    // A second iteration is not another call.
    if (!first) return iterator;
    first = false;
    return watchNewIterator(iterator, record, wasAborted);
  });
}

/** Whether a value is driven by the three methods of a generator. */
export const isGenerator = (value: object): boolean =>
  isFunction(peek(value, 'next')) && isFunction(peek(value, 'return')) && isFunction(peek(value, 'throw'));

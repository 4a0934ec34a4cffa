import { createRecorder, type MonitoredQueryOptions, type QueryRecord, type RecordingContext } from './record-query.js';

// biome-ignore lint/suspicious/noExplicitAny: the parameters of a wrapped function can be of any type
type AnyFunction = (this: any, ...values: any[]) => any;

/** Wraps a function, or decorates a method under the standard or the legacy (`experimentalDecorators`) protocol. */
export interface MonitoredQueryDecorator {
  <Query extends AnyFunction>(query: Query): Query;
  <Query extends AnyFunction>(query: Query, context: ClassMethodDecoratorContext): Query;
  (target: object, key: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
}

type Thenable = { then(onValue?: (value: unknown) => unknown, onError?: (error: unknown) => unknown): unknown };

const isThenable = (value: unknown): value is Thenable =>
  (typeof value === 'object' || typeof value === 'function') &&
  value !== null &&
  typeof Reflect.get(value, 'then') === 'function';

function settle(
  record: QueryRecord,
  then: Thenable['then'],
  promise: unknown,
  ...handlers: Parameters<Thenable['then']>
) {
  const [onValue, onError] = handlers;
  const succeed = (value: unknown) => {
    record.succeed(value);
    return typeof onValue === 'function' ? onValue(value) : value;
  };
  const fail = (error: unknown) => {
    record.fail(error);
    if (typeof onError === 'function') return onError(error);
    throw error;
  };
  return then.call(promise, succeed, fail);
}

/**
 * Watches a promise to its end. A plain promise is followed by an equal one, so that an unhandled rejection stays
 * unhandled. Any other thenable (a client's own promise class with methods, a lazy query) stays the very same object, and
 * is watched from the moment somebody calls its `then`.
 */
function observePromise(promise: Thenable, record: QueryRecord): unknown {
  const { then } = promise;
  if (promise instanceof Promise && promise.constructor === Promise) return settle(record, then, promise);
  const observedThen: Thenable['then'] = (...handlers) => settle(record, then, promise, ...handlers);
  Object.defineProperty(promise, 'then', { value: observedThen, configurable: true, writable: true });
  return promise;
}

/** Calls a function and records how it ends. The one place where a call is watched; every shape goes through it. */
function observe(start: () => QueryRecord, call: () => unknown): unknown {
  const record = start();
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    record.fail(error);
    throw error;
  }
  if (isThenable(result)) return observePromise(result, record);
  record.succeed(result);
  return result;
}

function wrap<Query extends AnyFunction>(query: Query, start: () => QueryRecord): Query {
  const monitored = function (this: unknown, ...values: unknown[]) {
    return observe(start, () => Reflect.apply(query, this, values));
  };
  // Name, length and whatever else hangs on the function go over.
  Object.defineProperties(monitored, Object.getOwnPropertyDescriptors(query));
  return Object.setPrototypeOf(monitored, Object.getPrototypeOf(query)) as Query;
}

function assertFunction(value: unknown): asserts value is AnyFunction {
  if (typeof value === 'function') return;
  throw new TypeError(`\`monitoredQuery(options)\`: expected a function or a method to watch, got ${typeof value}`);
}

function assertLabel(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return;
  throw new TypeError(`\`${name}\`: expected a text that is not empty, got ${JSON.stringify(value)} (${typeof value})`);
}

/** See `monitoredQuery` of `index.ts`. */
export function createMonitoredQuery(context: RecordingContext) {
  return (options: MonitoredQueryOptions = {}): MonitoredQueryDecorator => {
    assertLabel('operation', options.operation);
    assertLabel('model', options.model);
    const start = createRecorder(context, options);
    // The legacy protocol passes (target, key, descriptor); the standard one and a plain call pass the function first.
    return ((target: unknown, _context?: unknown, descriptor?: PropertyDescriptor) => {
      const query = descriptor ? descriptor.value : target;
      assertFunction(query);
      return descriptor ? { ...descriptor, value: wrap(query, start) } : wrap(query, start);
    }) as MonitoredQueryDecorator;
  };
}

import { types } from 'node:util';
import type { CallContext } from './context/call-context.js';
import { assertKnownOptions, assertText, invalidOption } from './errors/index.js';
import { createRecorder } from './record/call-record.js';
import type { MonitoredQueryOptions, RecordingContext } from './record/recording-context.js';
import { followPromise, watchValue } from './watch/watch-value.js';
import type { QueryRecord } from './watch/watched-call.js';

// biome-ignore lint/suspicious/noExplicitAny: the parameters of a wrapped function can be of any type
type AnyFunction = (this: any, ...values: any[]) => any;

// biome-ignore lint/suspicious/noExplicitAny: the class can be any, also one whose method declares its `this`
type AnyMethodContext = ClassMethodDecoratorContext<any, any>;

/** Wraps a function, or decorates a method under the standard or the legacy (`experimentalDecorators`) protocol. */
export interface MonitoredQueryDecorator {
  <Query extends AnyFunction>(query: Query): Query;
  <Query extends AnyFunction>(query: Query, context: AnyMethodContext): Query;
  (target: object, key: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
}

/** Whether what a function returns is always a new promise. Async generators are "async" too. */
const alwaysPromises = (query: AnyFunction): boolean =>
  types.isAsyncFunction(query) && !types.isGeneratorFunction(query);

/** Calls a function and records how it ends. The one place where a call is watched; every shape goes through it. */
function wrap<Query extends AnyFunction>(query: Query, start: () => QueryRecord, calls: CallContext): Query {
  const watch = alwaysPromises(query) ? (followPromise as typeof watchValue) : watchValue;
  const monitored = function (this: unknown) {
    const record = start();
    const outer = calls.enter(record);
    let result: unknown;
    try {
      // biome-ignore lint/complexity/noArguments: passing them on as they are spares a tenth of what a call costs
      result = query.apply(this, arguments as unknown as unknown[]);
    } catch (error) {
      record.fail(error);
      throw error;
    } finally {
      calls.leave(record, outer);
    }
    return watch(result, record);
  };
  Object.defineProperties(monitored, Object.getOwnPropertyDescriptors(query));
  copyMetadata(query, monitored);
  // Properties and metadata that the function is given later are found on the wrapper too.
  return Object.setPrototypeOf(monitored, query) as Query;
}

/** The part of the package `reflect-metadata` that decorators of NestJS and others leave guards, roles and routes with. */
interface MetadataReflection {
  getOwnMetadataKeys?(target: object): unknown[];
  getOwnMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
}

function copyMetadata(from: object, to: object): void {
  const reflection = Reflect as MetadataReflection;
  for (const key of reflection.getOwnMetadataKeys?.(from) ?? [])
    reflection.defineMetadata?.(key, reflection.getOwnMetadata?.(key, from), to);
}

function assertFunction(value: unknown): asserts value is AnyFunction {
  if (typeof value === 'function') return;
  throw invalidOption('monitoredQuery(options)', 'a function or a method to watch', value);
}

const KNOWN_OPTIONS = ['operation', 'model', 'batch', 'provider', 'extract'];

function assertOptions(options: MonitoredQueryOptions): void {
  assertKnownOptions(options, KNOWN_OPTIONS);
  for (const name of ['operation', 'model', 'provider'] as const)
    if (options[name] !== undefined) assertText(name, options[name]);
  const { extract } = options;
  if (extract === undefined || typeof extract === 'function') return;
  throw invalidOption('extract', 'a function from a result to its facts', extract);
}

/** See `monitoredQuery` of `index.ts`. */
export function createMonitoredQuery(recording: RecordingContext, calls: CallContext) {
  return (options: MonitoredQueryOptions = {}): MonitoredQueryDecorator => {
    assertOptions(options);
    const start = createRecorder(recording, calls, options);
    // The legacy protocol passes (target, key, descriptor); the standard one and a plain call pass the function first.
    return ((target: unknown, _context?: unknown, descriptor?: PropertyDescriptor) => {
      const query = descriptor ? descriptor.value : target;
      assertFunction(query);
      const monitored = wrap(query, start, calls);
      return descriptor ? { ...descriptor, value: monitored } : monitored;
    }) as MonitoredQueryDecorator;
  };
}

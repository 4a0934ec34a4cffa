import { AsyncLocalStorage } from 'node:async_hooks';
import { isObject } from './safe-read.js';

interface HasQueryId {
  readonly queryId: string;
  /** Whether anybody has asked for the id; without that, it stands nowhere and ties nothing together. */
  readonly hasQueryId: boolean;
}

/** Which monitored call is running: log lines carry its id. */
export interface CallContext {
  /** Runs a part of a call inside its context. */
  run<Value>(record: HasQueryId, call: () => Value): Value;
  /** The id of the monitored call that is running here; undefined outside. */
  currentQueryId(): string | undefined;
  /** Keeps which call gave a result. */
  remember(result: unknown, record: HasQueryId): void;
  /**
   * The id of the call that gave this result object; undefined for texts and numbers, for results of other calls, and where
   * nothing inside the call (a log line, `currentQueryId`) used the id.
   */
  queryIdOf(result: unknown): string | undefined;
}

/** One context for all instances of a process: a call inside a call has the inner id. */
export function createCallContext(): CallContext {
  const storage = new AsyncLocalStorage<HasQueryId>();
  const records = new WeakMap<object, HasQueryId>();
  return {
    run: (record, call) => storage.run(record, call),
    currentQueryId: () => storage.getStore()?.queryId,
    remember: (result, record) => {
      if (record.hasQueryId && isObject(result)) records.set(result, record);
    },
    queryIdOf: (result) => (isObject(result) ? records.get(result)?.queryId : undefined),
  };
}

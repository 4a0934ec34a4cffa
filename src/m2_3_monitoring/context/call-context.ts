/**
 * Which call and which span are running.
 *
 * In: calls as they begin and end, OpenTelemetry's active span.
 * Out: query ids, origins of exemplars.
 * Must not know: metrics.
 *
 * @module
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { isObject } from '../interop/safe-read.js';

interface HasQueryId {
  readonly queryId: string;
  /** Whether the id was asked for; otherwise nothing carries it. */
  readonly hasQueryId: boolean;
}

/** A call's record, of which the log lines of the call carry the id. */
export interface Identifiable extends HasQueryId {
  /** Takes an id that was given before the record was known. */
  takeQueryId(queryId: string): void;
}

/** The call around another one. */
type Outer = HasQueryId | undefined | typeof UNFOLLOWED;

/** Stands for whatever was around a call that began while calls were not followed. */
const UNFOLLOWED = Symbol('unfollowed');

/** Which monitored call is running: log lines carry its id. */
export interface CallContext {
  /** A part of a call begins here, to be ended by `leave` with what this gives: the call around it. */
  enter(record: Identifiable): Outer;
  leave(record: Identifiable, outer: Outer): void;
  /** From now on calls are kept apart across `await` too. */
  follow(): void;
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

/**
 * One context for all instances of a process: a call inside a call has the inner id. Following calls across `await` makes
 * every promise of the process slower on Node 20 and 22: it begins when an id is first asked for.
 */
export function createCallContext(): CallContext {
  const records = new WeakMap<object, HasQueryId>();
  const storage = new AsyncLocalStorage<HasQueryId | undefined>();
  /**
   * How many calls that are not followed are in their first part, before any `await`, one inside the other. A count and not
   * the calls themselves, which is faster.
   */
  let unfollowed = 0;
  let isFollowing = false;

  const identify = () => (unfollowed > 0 ? { queryId: randomUUID(), hasQueryId: true } : undefined);

  const following: Pick<CallContext, 'enter' | 'leave'> = {
    enter(record) {
      const outer = storage.getStore();
      storage.enterWith(record);
      return outer;
    },
    leave(record, outer) {
      if (outer !== UNFOLLOWED) {
        storage.enterWith(outer);
        return;
      }
      // The call during which following began: what it has begun since then has an id, which becomes its own.
      const identity = storage.getStore();
      if (identity) record.takeQueryId(identity.queryId);
      unfollowed -= 1;
      storage.enterWith(identify());
    },
  };

  const context: CallContext = {
    enter() {
      unfollowed += 1;
      return UNFOLLOWED;
    },
    leave() {
      unfollowed -= 1;
    },
    follow() {
      if (isFollowing) return;
      isFollowing = true;
      storage.enterWith(identify());
      Object.assign(context, following);
    },
    currentQueryId() {
      context.follow();
      return storage.getStore()?.queryId;
    },
    remember: (result, record) => {
      if (record.hasQueryId && isObject(result)) records.set(result, record);
    },
    queryIdOf: (result) => (isObject(result) ? records.get(result)?.queryId : undefined),
  };
  return context;
}

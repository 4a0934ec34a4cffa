import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type CallContext, createCallContext, type Identifiable } from '../src/m2_3_monitoring/context/call-context.js';

/** As a call's record: its id is the one that it was given before it was read, or its own. */
function recordOf(queryId: string) {
  let adopted: string | undefined;
  return {
    get queryId() {
      return adopted ?? queryId;
    },
    hasQueryId: true,
    takeQueryId(given: string) {
      adopted ??= given;
    },
  };
}

/** Runs a function inside a call, as the wrapper does. */
function within<Value>(calls: CallContext, call: string | Identifiable, work: () => Value): Value {
  const record = typeof call === 'string' ? recordOf(call) : call;
  const outer = calls.enter(record);
  try {
    return work();
  } finally {
    calls.leave(record, outer);
  }
}

test('a call that asks for its id at once has it from then on, across every await, and so has its record', async () => {
  const calls = createCallContext();
  const record = recordOf('its own');
  const ids = await within(calls, record, async () => {
    const atOnce = calls.currentQueryId();
    await turn();
    return [atOnce, calls.currentQueryId()];
  });
  assert.deepEqual(ids, [record.queryId, record.queryId]);
  assert.notEqual(record.queryId, 'its own');
  assert.equal(calls.currentQueryId(), undefined);
});

test('nested calls have ids of their own where following begins in the inner one', async () => {
  const calls = createCallContext();
  const [outer, inner] = [recordOf('outer'), recordOf('inner')];
  const ids = await within(calls, outer, async () => {
    const inInner = within(calls, inner, () => calls.currentQueryId());
    const between = calls.currentQueryId();
    const after = within(calls, 'next', () => calls.currentQueryId());
    await turn();
    return [inInner, between, after, calls.currentQueryId()];
  });
  assert.deepEqual(ids, [inner.queryId, outer.queryId, 'next', outer.queryId]);
  assert.notEqual(inner.queryId, outer.queryId);
  assert.equal(calls.currentQueryId(), undefined);
});

test('a call that throws in the synchronous part in which following began leaves nothing behind', () => {
  const calls = createCallContext();
  const fail = () => {
    calls.currentQueryId();
    throw new Error('refused');
  };
  assert.throws(() => within(calls, 'failing', fail), /refused/);
  assert.equal(calls.currentQueryId(), undefined);
});

test('calls are followed across an await once an id was asked for or a logger was made, and not before', async () => {
  const calls = createCallContext();
  const late = async () => {
    await turn();
    return calls.currentQueryId();
  };
  assert.equal(await within(calls, 'first', late), undefined);
  assert.equal(await within(calls, 'second', late), 'second');
  const withLogger = createCallContext();
  withLogger.follow();
  assert.equal(
    await within(withLogger, 'first', async () => {
      await turn();
      return withLogger.currentQueryId();
    }),
    'first',
  );
});

test('a call inside a call has an id of its own, and the outer one has its id again afterwards', async () => {
  const calls = createCallContext();
  calls.follow();
  const ids = await within(calls, 'outer', async () => {
    const inner = within(calls, 'inner', () => calls.currentQueryId());
    const between = calls.currentQueryId();
    await turn();
    return [inner, between, calls.currentQueryId()];
  });
  assert.deepEqual(ids, ['inner', 'outer', 'outer']);
});

test('calls at the same time keep ids of their own', async () => {
  const calls = createCallContext();
  calls.follow();
  const ask = (id: string) =>
    within(calls, id, async () => {
      await turn();
      await turn();
      return calls.currentQueryId();
    });
  assert.deepEqual(await Promise.all(['a', 'b', 'c'].map(ask)), ['a', 'b', 'c']);
});

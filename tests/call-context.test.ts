import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createCallContext } from '../src/m2_3_monitoring/call-context.js';

const recordOf = (queryId: string) => ({ queryId, hasQueryId: true });

/** Runs a function inside a call, as the wrapper does. */
function within<Value>(calls: ReturnType<typeof createCallContext>, queryId: string, work: () => Value): Value {
  const outer = calls.enter(recordOf(queryId));
  try {
    return work();
  } finally {
    calls.leave(outer);
  }
}

test('a call that asks for its id at once has it from then on, across every await', async () => {
  const calls = createCallContext();
  const ids = await within(calls, 'first', async () => {
    const atOnce = calls.currentQueryId();
    await turn();
    return [atOnce, calls.currentQueryId()];
  });
  assert.deepEqual(ids, ['first', 'first']);
  assert.equal(calls.currentQueryId(), undefined);
});

test('calls are followed across an await once somebody has asked, or a logger was made, and not before', async () => {
  const calls = createCallContext();
  const late = async () => {
    await turn();
    return calls.currentQueryId();
  };
  assert.equal(await within(calls, 'nobody has asked yet', late), undefined);
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

test('a call inside a call has the inner id, and the outer one has its own again afterwards', async () => {
  const calls = createCallContext();
  const ids = await within(calls, 'outer', async () => {
    const inner = within(calls, 'inner', () => calls.currentQueryId());
    const between = calls.currentQueryId();
    await turn();
    return [inner, between, calls.currentQueryId()];
  });
  assert.deepEqual(ids, ['inner', 'outer', 'outer']);
});

test('calls at the same time do not take each other’s id', async () => {
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

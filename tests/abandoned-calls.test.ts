import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { requests, testMonitoring } from './helpers/monitoring.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Collects garbage until a condition holds; the test runner's own limit ends what never does. */
async function untilCollected(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    collectGarbage();
    await turn();
  }
}

test('generators and promises that are dropped before they end are counted as aborted once they are collected', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const read = monitoredQuery({ operation: 'read' })(async function* () {
    yield 'one';
    yield 'two';
  });
  const wait = monitoredQuery({ operation: 'wait' })(() => new Promise(() => undefined));
  for (let index = 0; index < 50; index++) await read().next();
  for (let index = 0; index < 50; index++) void wait();
  assert.equal(await series('rag_active_requests'), 100);
  await untilCollected(async () => (await series('rag_active_requests')) === 0);
  assert.equal(await series(requests('read', 'aborted')), 50);
  assert.equal(await series(requests('wait', 'aborted')), 50);
  // How long they took is not known.
  assert.equal(await series('rag_query_latency_seconds_count{operation="read"}'), 0);
});

test('of calls that begin at the same time only those that never end are counted as aborted', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const ask = monitoredQuery({ operation: 'ask' })((ends: boolean) => (ends ? 'answer' : new Promise(() => undefined)));
  for (let index = 0; index < 100; index++) void ask(index % 2 === 0);
  await untilCollected(async () => (await series('rag_active_requests')) === 0);
  assert.equal(await series(requests('ask', 'success')), 50);
  assert.equal(await series(requests('ask', 'aborted')), 50);
});

test('a stream that is dropped is priced by the usage that it has reported', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const ask = monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async function* () {
    yield { input_tokens: 1000, output_tokens: 500 };
    yield 'more';
  });
  await ask().next();
  await untilCollected(async () => (await series(requests('ask', 'aborted'))) === 1);
  assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0.06);
});

test('a call that is still awaited is not counted as abandoned', async () => {
  const { monitoredQuery, series } = testMonitoring();
  let finish = (_: string) => {};
  const ask = monitoredQuery({ operation: 'ask' })(() => new Promise<string>((resolve) => (finish = resolve)));
  const answer = ask();
  for (let round = 0; round < 10; round++) {
    collectGarbage();
    await turn();
  }
  assert.equal(await series('rag_active_requests'), 1);
  finish('answer');
  assert.equal(await answer, 'answer');
  assert.equal(await series(requests('ask', 'success')), 1);
  assert.equal(await series(requests('ask', 'aborted')), 0);
});

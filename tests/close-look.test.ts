import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CompactCounter, CompactRegistry } from '../src/m2_3_monitoring/series/index.js';
import { requests, testMonitoring } from './helpers/monitoring.js';

// What is read in a fast way has to say the same as what is read with care.

describe('a result that is only data', () => {
  test('gives its numbers in either spelling, also where the other one is there and empty', async () => {
    const { monitoredQuery, series } = testMonitoring();
    const result = {
      input_tokens: 10,
      output_tokens: 3,
      inputTokens: undefined,
      relevance_score: 0.8,
      relevanceScore: undefined,
    };
    await monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async () => result)();
    assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 10);
    assert.equal(await series('rag_relevance_score_count'), 1);
  });

  test('tells its model under Gemini’s name for it', async () => {
    const { monitoredQuery, series } = testMonitoring();
    const result = { input_tokens: 10, output_tokens: 3, modelVersion: 'gemini-2.0-flash' };
    await monitoredQuery({ operation: 'ask' })(async () => result)();
    assert.equal(await series('rag_input_tokens_sum{model="gemini-2.0-flash"}'), 10);
  });
});

test('a promise keeps what hangs on it, and is recorded', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const promise = Object.assign(Promise.resolve({ input_tokens: 1, output_tokens: 1 }), { cancel: () => 'cancelled' });
  const ask = monitoredQuery({ operation: 'ask', model: 'gpt-4' })(() => promise);
  const given = ask();
  assert.equal(given.cancel(), 'cancelled');
  assert.deepEqual(await given, { input_tokens: 1, output_tokens: 1 });
  assert.equal(await series(requests('ask', 'success')), 1);
});

test('an iterator that a call inside has watched already is one to the call outside too', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const make = () => {
    let left = 2;
    return {
      next: () =>
        left-- > 0 ? { done: false, value: 'word' } : { done: true, value: { input_tokens: 1, output_tokens: 2 } },
      return: () => ({ done: true, value: undefined }),
      throw: () => ({ done: true, value: undefined }),
      [Symbol.iterator]() {
        return this;
      },
    };
  };
  const inner = monitoredQuery({ operation: 'inner', model: 'gpt-4' })(make);
  const stream = monitoredQuery({ operation: 'outer', model: 'gpt-4' })(() => inner())();
  assert.ok(Object.keys(stream).includes('next'));
  assert.equal(await series(requests('outer', 'success')), 0);
  assert.deepEqual([...(stream as Iterable<unknown>)], ['word', 'word']);
  assert.equal(await series(requests('outer', 'success')), 1);
  assert.equal(await series('rag_output_tokens_sum{model="gpt-4"}'), 4);
});

test('what a later chunk tells of the result is recorded', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const piece = { object: 'chat.completion.chunk', model: 'gpt-4', choices: [{ delta: { content: 'word' } }] };
  const stream = monitoredQuery({ operation: 'ask' })(async function* () {
    yield piece;
    yield piece;
    yield { ...piece, relevance_score: 0.9 };
  });
  for await (const _ of stream());
  assert.equal(await series('rag_relevance_score_count'), 1);
});

test('a series that is removed and comes back while a scrape is being written stands there once', async () => {
  const registry = new CompactRegistry();
  const counter = new CompactCounter({ name: 'c_total', help: 'c', labelNames: ['q'], registers: [registry] });
  for (let index = 0; index < 60_000; index++) counter.inc({ q: `value-${index}` });
  const scrape = registry.metrics();
  setImmediate(() => {
    counter.remove({ q: 'value-0' });
    counter.inc({ q: 'value-0' });
  });
  const lines = (await scrape).split('\n').filter((line) => line.startsWith('c_total{q="value-0"}'));
  assert.equal(lines.length, 1);
});

test('what people say is not logged either where it comes as a list of messages', () => {
  const { StructuredLogger, logged } = testMonitoring();
  new StructuredLogger('api').logRequest({ query: 'q', prompt: [{ role: 'user', content: 'private' }], max_tokens: 7 });
  const [line] = logged();
  assert.ok(!JSON.stringify(line).includes('private'));
  assert.equal(line?.prompt_length, 37);
  assert.equal(line?.max_tokens, 7);
});

test('secrets go by more names than one', () => {
  const { StructuredLogger, logged } = testMonitoring();
  const secrets = { pwd: 'S1', passwords: ['S2'], bearer: 'S3', accessToken: 'S4', xAuth: 'S5' };
  new StructuredLogger('api').logError(new Error('x'), { ...secrets, nested: secrets });
  assert.doesNotMatch(JSON.stringify(logged()), /"S\d"/);
});

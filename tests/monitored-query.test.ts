import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { requests, testMonitoring } from './helpers/monitoring.js';
import { inRepository } from './helpers/repository.js';

const OPTIONS = { operation: 'ask', model: 'gpt-4' };
const RESULT = { input_tokens: 1000, output_tokens: 500, relevance_score: 0.8, context_precision: 0.75 };

type Monitoring = ReturnType<typeof testMonitoring>;
type Body = (this: unknown, ...values: unknown[]) => unknown;

/** Every shape in which a call can be watched: given the monitoring and a body, something to call. */
const shapes: Record<string, (monitoring: Monitoring, body: Body) => (...values: unknown[]) => unknown> = {
  'a wrapped function': ({ monitoredQuery }, body) => monitoredQuery(OPTIONS)(body),
  'a wrapped async function': ({ monitoredQuery }, body) =>
    monitoredQuery(OPTIONS)(async function (this: unknown, ...values) {
      return body.apply(this, values);
    }),
  'a method under the legacy protocol': ({ monitoredQuery }, body) => {
    const prototype = { ask: body };
    const descriptor = Object.getOwnPropertyDescriptor(prototype, 'ask') as PropertyDescriptor;
    Object.defineProperty(prototype, 'ask', monitoredQuery(OPTIONS)(prototype, 'ask', descriptor));
    return (...values) => prototype.ask(...values);
  },
  'a method under the standard protocol': ({ monitoredQuery }, body) => {
    const context = { kind: 'method', name: 'ask' } as unknown as ClassMethodDecoratorContext;
    const prototype = { ask: monitoredQuery(OPTIONS)(body, context) };
    return (...values) => prototype.ask(...values);
  },
  'a function that returns a thenable with other methods': ({ monitoredQuery }, body) =>
    monitoredQuery(OPTIONS)(() => {
      const promise = new Promise((resolve) => resolve(body.call(undefined)));
      return { then: promise.then.bind(promise), withResponse: () => 'kept' };
    }),
};

for (const [shape, build] of Object.entries(shapes)) {
  test(`${shape} that succeeds is recorded once in every metric`, async () => {
    const monitoring = testMonitoring();
    const ask = build(monitoring, () => {
      monitoring.advance(1500);
      return RESULT;
    });
    assert.equal(await ask(), RESULT);
    const { series } = monitoring;
    assert.equal(await series(requests('ask', 'success')), 1);
    assert.equal(await series('rag_query_latency_seconds_sum{operation="ask"}'), 1.5);
    assert.equal(await series('rag_query_latency_seconds_count{operation="ask"}'), 1);
    assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 1000);
    assert.equal(await series('rag_output_tokens_sum{model="gpt-4"}'), 500);
    assert.equal(await series('rag_query_cost_usd_sum{model="gpt-4"}'), 0.06);
    assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0.06);
    assert.equal(await series('rag_relevance_score_sum'), 0.8);
    assert.equal(await series('rag_context_precision_sum'), 0.75);
    assert.equal(await series('rag_active_requests'), 0);
  });

  test(`${shape} that fails throws the same error, which is counted once by its type`, async () => {
    const monitoring = testMonitoring();
    const error = new RangeError('no');
    const ask = build(monitoring, () => {
      throw error;
    });
    await assert.rejects(
      async () => ask(),
      (thrown) => thrown === error,
    );
    const { series } = monitoring;
    assert.equal(await series(requests('ask', 'error')), 1);
    assert.equal(await series(requests('ask', 'success')), 0);
    assert.equal(await series('rag_errors_total{error_type="RangeError",endpoint="ask"}'), 1);
    assert.equal(await series('rag_query_latency_seconds_count{operation="ask"}'), 1);
    assert.equal(await series('rag_active_requests'), 0);
  });
}

test('a call counts as active until its promise settles, nested ones too', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const inner = monitoredQuery({ operation: 'inner' })(() => series('rag_active_requests'));
  const outer = monitoredQuery({ operation: 'outer' })(async () => [
    await series('rag_active_requests'),
    await inner(),
  ]);
  assert.deepEqual(await outer(), [1, 2]);
  assert.equal(await series('rag_active_requests'), 0);
});

test('the wrapped function keeps name, length, `this`, parameters and other properties', () => {
  const { monitoredQuery } = testMonitoring();
  const original = Object.assign(
    function namedQuery(this: { factor: number }, a: number, b: number) {
      return this.factor * (a - b);
    },
    { version: 3 },
  );
  const wrapped = monitoredQuery(OPTIONS)(original);
  assert.equal(wrapped.name, 'namedQuery');
  assert.equal(wrapped.length, 2);
  assert.equal(wrapped.version, 3);
  assert.equal(wrapped.call({ factor: 2 }, 5, 1), 8);
});

test('a thenable is returned as the same object, with its methods', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const promise = Promise.resolve(RESULT);
  const thenable = { then: promise.then.bind(promise), withResponse: () => 'kept' };
  const returned = monitoredQuery(OPTIONS)(() => thenable)();
  assert.equal(returned, thenable);
  assert.equal(returned.withResponse(), 'kept');
  await returned;
  await returned;
  assert.equal(await series(requests('ask', 'success')), 1);
});

test('a promise keeps its other properties, and is recorded', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const promise = Object.assign(Promise.resolve(RESULT), { cancel: () => 'cancelled' });
  const returned = monitoredQuery(OPTIONS)(() => promise)();
  assert.equal(returned.cancel(), 'cancelled');
  assert.equal(await returned, RESULT);
  assert.equal(await series(requests('ask', 'success')), 1);
});

test('each of 20,000 calls that return the same promise is counted', async () => {
  const { monitoredQuery, series } = testMonitoring();
  class OwnPromise<Value> extends Promise<Value> {}
  const remembered = OwnPromise.resolve(RESULT);
  const ask = monitoredQuery(OPTIONS)(() => remembered);
  for (let i = 0; i < 20_000; i++) await ask();
  assert.equal(await series(requests('ask', 'success')), 20_000);
  assert.equal(await series('rag_active_requests'), 0);
});

test('a lazy thenable is not in progress before it is awaited', async () => {
  const { monitoredQuery, series } = testMonitoring();
  let started = 0;
  const lazy = monitoredQuery(OPTIONS)(() => ({
    then(onValue: (value: object) => void) {
      started += 1;
      onValue(RESULT);
    },
  }))();
  assert.equal(started, 0);
  assert.equal(await series('rag_active_requests'), 0);
  await lazy;
  assert.equal(started, 1);
  assert.equal(await series(requests('ask', 'success')), 1);
});

test('a rejection that is not handled stays unhandled', () => {
  const script = `
      const { monitoredQuery } = require(${JSON.stringify(inRepository('dist/src/m2_3_monitoring/index.js'))});
      process.on('unhandledRejection', (error) => console.log('unhandled:', error.message));
      monitoredQuery()(() => Promise.reject(new Error('not handled')))();`;
  assert.equal(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }), 'unhandled: not handled\n');
});

const record = async (result: unknown, options: object = OPTIONS) => {
  const monitoring = testMonitoring();
  const returned = await monitoring.monitoredQuery(options)(async () => result)();
  assert.equal(returned, result);
  return monitoring;
};

test('a result may have camelCase keys', async () => {
  const { series } = await record({ inputTokens: 7, outputTokens: 5, relevanceScore: 0.5, contextPrecision: 1 });
  assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 7);
  assert.equal(await series('rag_output_tokens_sum{model="gpt-4"}'), 5);
  assert.equal(await series('rag_relevance_score_sum'), 0.5);
  assert.equal(await series('rag_context_precision_sum'), 1);
});

test('a result may name its model', async () => {
  const { series } = await record({ ...RESULT, model: 'gpt-4o' }, { operation: 'ask' });
  assert.equal(await series('rag_total_cost_usd{model="gpt-4o"}'), (1000 * 2.5 + 500 * 10) / 1e6);
});

test('a result may report its cost, which wins over the price book, also without tokens', async () => {
  const { series, exposition } = await record({ cost_usd: 0.5 }, { operation: 'ask' });
  assert.equal(await series('rag_total_cost_usd{model="unknown"}'), 0.5);
  assert.doesNotMatch(await exposition(), /reason="missing"|rag_unpriced_requests_total\{/);
  const withTokens = await record({ ...RESULT, costUsd: 0.07 });
  assert.equal(await withTokens.series('rag_total_cost_usd{model="gpt-4"}'), 0.07);
});

test('a result of another form is read by `extract`; what that throws is counted', async () => {
  const extract = (result: unknown) => ({ inputTokens: (result as { in: number }).in, outputTokens: 1 });
  const { series } = await record({ in: 9 }, { ...OPTIONS, extract });
  assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 9);
  const failing = await record(
    {},
    {
      ...OPTIONS,
      extract: () => {
        throw new Error('no');
      },
    },
  );
  assert.equal(await failing.series('rag_dropped_values_total{field="extract",reason="unreadable"}'), 1);
});

test('a result from a cache costs nothing and buys no tokens', async () => {
  const { series } = await record({ ...RESULT, cached: true });
  assert.equal(await series('rag_query_cost_usd_count{model="gpt-4"}'), 1);
  assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0);
  assert.equal(await series('rag_input_tokens_count{model="gpt-4"}'), 0);
  assert.equal(await series('rag_relevance_score_count'), 1);
});

test('a result from a cache counts as a query that cost nothing, also where its model is not known', async () => {
  const { series } = await record({ cached: true }, { operation: 'ask' });
  assert.equal(await series('rag_query_cost_usd_count{model="unknown"}'), 1);
  assert.equal(await series('rag_total_cost_usd{model="unknown"}'), 0);
});

test('a result is from a cache only where `cached` is true: a number of cached documents is none', async () => {
  const { series } = await record({ ...RESULT, cached: 3 });
  assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0.06);
});

test('a call of a batch is priced at the batch prices', async () => {
  const { series } = await record(RESULT, { ...OPTIONS, batch: true });
  assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0.03);
});

test('a model without a price misses its output where it reports none', async () => {
  const { series } = await record({ input_tokens: 5 }, { operation: 'ask', model: 'home-made' });
  assert.equal(await series('rag_dropped_values_total{field="output_tokens",reason="missing"}'), 1);
});

test('a result of a model without a price is priced at the default rates and counted as unpriced', async () => {
  const { series } = await record(RESULT, { operation: 'ask', model: 'home-made' });
  assert.equal(await series('rag_total_cost_usd{model="home-made"}'), 0.0105);
  assert.equal(await series('rag_unpriced_requests_total{model="home-made"}'), 1);
});

test('a result without usage of a call without a model is no LLM call: no tokens, no cost, nothing missing', async () => {
  const { exposition } = await record('just a text', { operation: 'ask' });
  assert.doesNotMatch(await exposition(), /model=|rag_dropped_values_total\{/);
});

const getter = Object.defineProperty({ ...RESULT }, 'input_tokens', {
  get() {
    throw new Error('unreadable');
  },
});
const badResults: [name: string, result: object, field: string, reason: string][] = [
  ['NaN', { ...RESULT, input_tokens: Number.NaN }, 'input_tokens', 'not_finite'],
  ['Infinity', { ...RESULT, output_tokens: Number.POSITIVE_INFINITY }, 'output_tokens', 'not_finite'],
  ['a negative number', { ...RESULT, input_tokens: -1 }, 'input_tokens', 'negative'],
  ['a text', { ...RESULT, input_tokens: '450' }, 'input_tokens', 'not_a_number'],
  ['null', { ...RESULT, output_tokens: null }, 'output_tokens', 'missing'],
  ['no value', { output_tokens: 5 }, 'input_tokens', 'missing'],
  ['a score above 1', { ...RESULT, relevance_score: 1.2 }, 'relevance_score', 'out_of_range'],
  ['a getter that throws', getter, 'input_tokens', 'unreadable'],
];
for (const [name, result, field, reason] of badResults) {
  test(`a result with ${name} keeps the rest; the bad value is dropped and counted with its reason`, async () => {
    const { series, exposition } = await record(result);
    assert.equal(await series(`rag_dropped_values_total{field="${field}",reason="${reason}"}`), 1);
    assert.equal(await series(requests('ask', 'success')), 1);
    assert.doesNotMatch(await exposition(), /NaN|Infinity|undefined/i);
  });
}

test('wrapping a second function of the same operation keeps what was counted', async () => {
  const { monitoredQuery, series } = testMonitoring();
  await monitoredQuery(OPTIONS)(async () => RESULT)();
  await monitoredQuery(OPTIONS)(async () => RESULT)();
  assert.equal(await series(requests('ask', 'success')), 2);
  assert.equal(await series('rag_query_latency_seconds_count{operation="ask"}'), 2);
  assert.equal(await series('rag_input_tokens_count{model="gpt-4"}'), 2);
});

test('bad options are refused when the function is wrapped', () => {
  const { monitoredQuery } = testMonitoring();
  assert.throws(
    () => monitoredQuery({ operation: '' }),
    /`operation`: expected a text that is not empty, got "" \(string\)/,
  );
  assert.throws(() => monitoredQuery({ model: 4 as unknown as string }), /`model`: .* got 4 \(number\)/);
  assert.throws(
    () => monitoredQuery()(undefined as unknown as () => void),
    /expected a function or a method to watch, got undefined/,
  );
});

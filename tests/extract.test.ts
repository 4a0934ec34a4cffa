import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain } from './helpers/drain.js';
import { testMonitoring } from './helpers/monitoring.js';

// A stream in the form of Ollama, which the module does not know: the counts stand in one chunk alone.
async function* ollama() {
  yield { model: 'llama3.2', message: { content: 'An ' } };
  yield { model: 'llama3.2', message: { content: 'answer.' }, prompt_eval_count: null };
  yield { model: 'llama3.2', prompt_eval_count: 1000, eval_count: 200 };
  yield { model: 'llama3.2', done: true, prompt_eval_count: null };
}

test('extract is given the last value of each field of a stream’s chunks that is not null', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const extract = (result: unknown) => {
    const { model, prompt_eval_count, eval_count } = result as Record<string, unknown>;
    return { model, input_tokens: prompt_eval_count, output_tokens: eval_count };
  };
  await drain(monitoredQuery({ operation: 'ask', extract })(ollama)());
  assert.equal(await series('rag_input_tokens_sum{model="llama3.2"}'), 1000);
  assert.equal(await series('rag_output_tokens_sum{model="llama3.2"}'), 200);
});

test('extract is given all chunks of a stream where it has a second parameter', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const extract = (_: unknown, chunks: readonly unknown[]) => ({ input_tokens: 1, output_tokens: chunks.length });
  await drain(monitoredQuery({ operation: 'ask', model: 'gpt-4', extract })(ollama)());
  assert.equal(await series('rag_output_tokens_sum{model="gpt-4"}'), 4);
});

test('no chunk of a stream is kept where extract declares no second parameter', async () => {
  const { monitoredQuery } = testMonitoring();
  const given: number[] = [];
  const extract = function (this: unknown, _: unknown) {
    // biome-ignore lint/complexity/noArguments: an argument beside the declared parameters
    given.push((arguments[1] as unknown[]).length);
    return {};
  };
  await drain(monitoredQuery({ operation: 'ask', extract })(ollama)());
  assert.deepEqual([...new Set(given)], [0]);
});

test('extract that hands on what it is given of a stream changes no number', async () => {
  // Anthropic reports input and cache at the start, and output at the end.
  async function* anthropic() {
    const usage = { input_tokens: 100, cache_read_input_tokens: 900, cache_creation_input_tokens: 0, output_tokens: 1 };
    yield { type: 'message_start', message: { model: 'claude-sonnet-4-5', usage } };
    yield { type: 'content_block_delta', delta: { type: 'text_delta', text: 'An answer.' } };
    yield { type: 'message_delta', usage: { output_tokens: 50 } };
  }
  const expositions = [undefined, (result: unknown) => result].map(async (extract) => {
    const { monitoredQuery, exposition } = testMonitoring();
    await drain(monitoredQuery({ operation: 'ask', extract })(anthropic)());
    return exposition();
  });
  const [without, withExtract] = await Promise.all(expositions);
  assert.match(String(without), /rag_input_tokens_sum\{model="claude-sonnet-4-5"\} 1000\n/);
  assert.equal(withExtract, without);
});

test('extract is not asked about a call that failed', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const extract = (result: unknown) => ({ input_tokens: (result as { in: number }).in });
  const ask = monitoredQuery({ operation: 'ask', extract })(async () => Promise.reject(new Error('down')));
  await assert.rejects(ask());
  assert.equal(await series('rag_dropped_values_total{field="extract",reason="unreadable"}'), undefined);
});

test('the usage that an error carries was paid for, and is priced', async () => {
  const { monitoredQuery, series } = testMonitoring();
  // As NoObjectGeneratedError of the Vercel AI SDK.
  const error = Object.assign(new Error('no object generated'), {
    usage: { inputTokens: 1000, outputTokens: 500 },
    response: { modelId: 'gpt-4' },
  });
  await assert.rejects(monitoredQuery({ operation: 'ask' })(async () => Promise.reject(error))());
  assert.equal(await series('rag_requests_total{endpoint="ask",status="error"}'), 1);
  assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0.06);
});

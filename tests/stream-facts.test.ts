import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain } from './helpers/drain.js';
import { testMonitoring } from './helpers/monitoring.js';

/** A call whose stream gives these chunks, a second apart, and returns a value in the end. */
async function stream(chunks: unknown[], returned?: unknown, options: object = {}) {
  const monitoring = testMonitoring();
  const ask = monitoring.monitoredQuery({ operation: 'ask', ...options })(async function* () {
    for (const chunk of chunks) {
      monitoring.advance(1000);
      yield chunk;
    }
    return returned;
  });
  await drain(ask());
  return monitoring;
}

const USAGE = { input_tokens: 1000, output_tokens: 500 };

test('the first model that the chunks of a stream name is the model of the call', async () => {
  const { series } = await stream([{ model: 'gpt-4' }, { model: 'gpt-4o', ...USAGE }]);
  assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 1000);
});

test('an empty name of a model is none', async () => {
  const { series } = await stream([{ model: '' }, { model: 'gpt-4', ...USAGE }]);
  assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 1000);
});

test('of a score that several chunks of a stream report the last value is recorded', async () => {
  const { series } = await stream([{ relevance_score: 0.5 }, { relevance_score: 0.9 }, 'text']);
  assert.equal(await series('rag_relevance_score_sum'), 0.9);
  assert.equal(await series('rag_relevance_score_count'), 1);
});

test('a stream that one of its chunks reports as cached costs nothing, whatever comes later', async () => {
  for (const [chunks, returned] of [
    [[{ cached: true }, USAGE]],
    [[{ cached: true }, 'text'], USAGE],
    [[USAGE], { cached: true }],
  ] as const) {
    const { series } = await stream([...chunks], returned, { model: 'gpt-4' });
    assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0);
    assert.equal(await series('rag_query_cost_usd_count{model="gpt-4"}'), 1);
    assert.equal(await series('rag_input_tokens_count{model="gpt-4"}'), 0);
  }
});

const FRAMES: Record<string, unknown> = {
  'an empty text': '',
  'a buffer without bytes': new Uint8Array(),
  'no value': undefined,
  'a chunk of Chat Completions with a role alone': { choices: [{ delta: { role: 'assistant', content: '' } }] },
  'a chunk of Chat Completions without choices': { choices: [], usage: null },
  'an event of Anthropic that starts a message': { type: 'message_start', message: {} },
  'an event of OpenAI Responses that carries no text': { type: 'response.created', response: {} },
  'a part of the AI SDK that starts a text': { type: 'text-start', id: '1' },
};
for (const [name, frame] of Object.entries(FRAMES)) {
  test(`${name} is not the first token of a stream`, async () => {
    const { series } = await stream([frame, 'text']);
    assert.equal(await series('rag_time_to_first_token_seconds_sum{operation="ask"}'), 2);
  });
}

const OUTPUTS: Record<string, unknown> = {
  'a text': 'text',
  'a buffer': new Uint8Array([1]),
  'a chunk of Chat Completions with content': { choices: [{ delta: { content: 'text' } }] },
  'a chunk of Chat Completions with a call of a tool': { choices: [{ delta: { tool_calls: [{}] } }] },
  'a chunk of completions with a text': { choices: [{ text: 'text' }] },
  'a delta of Anthropic': { type: 'content_block_delta', delta: {} },
  'a delta of OpenAI Responses': { type: 'response.output_text.delta', delta: 'text' },
  'a delta of the AI SDK': { type: 'text-delta', text: 'text' },
};
for (const [name, output] of Object.entries(OUTPUTS)) {
  test(`${name} is the first token of a stream`, async () => {
    const { series } = await stream([output, 'more']);
    assert.equal(await series('rag_time_to_first_token_seconds_sum{operation="ask"}'), 1);
  });
}

test('a stream of one token has a time to it, and none for each token after it', async () => {
  const { series, exposition } = await stream(['text', { input_tokens: 10, output_tokens: 1 }], undefined, {
    model: 'gpt-4',
  });
  assert.equal(await series('rag_time_to_first_token_seconds_sum{operation="ask"}'), 1);
  assert.doesNotMatch(await exposition(), /rag_time_per_output_token_seconds_count/);
});

test('a stream of two tokens has one time per token: that of the second', async () => {
  const { series } = await stream(['text', { input_tokens: 10, output_tokens: 2 }], undefined, { model: 'gpt-4' });
  assert.equal(await series('rag_time_per_output_token_seconds_sum{operation="ask"}'), 1);
});

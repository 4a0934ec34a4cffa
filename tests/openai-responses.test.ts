import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain } from './helpers/drain.js';
import { assertChatUsage, assertOnce } from './helpers/llm-calls.js';
import { eventStream, json } from './helpers/llm-server.js';
import { openAi } from './helpers/openai-client.js';

// The real client against a local server that speaks its protocol.
const usage = {
  input_tokens: 1000,
  input_tokens_details: { cached_tokens: 400 },
  output_tokens: 200,
  output_tokens_details: { reasoning_tokens: 50 },
  total_tokens: 1200,
};
const response = { id: 'r1', object: 'response', model: 'gpt-4o-2024-08-06', status: 'completed', output: [], usage };

test('an answer and a stream of OpenAI Responses have the same usage', async (t) => {
  const events = [
    { type: 'response.created', response: { ...response, status: 'in_progress', usage: null } },
    { type: 'response.output_text.delta', delta: 'Hel', item_id: 'i', output_index: 0, content_index: 0 },
    { type: 'response.completed', response },
  ];
  for (const [stream, reply] of [
    [false, json(200, response)],
    [true, eventStream(events)],
  ] as const) {
    const monitored = await openAi(t, reply);
    const ask = monitored.monitoredQuery({ operation: 'chat' })(() =>
      monitored.client.responses.create({ model: 'gpt-4o', input: 'hello', stream } as never),
    );
    const answer = await ask();
    if (stream) await drain(answer);
    await assertOnce(monitored, 'success');
    await assertChatUsage(monitored);
    const firstTokens = await monitored.series('rag_time_to_first_token_seconds_count{operation="chat"}');
    assert.equal(firstTokens, stream ? 1 : undefined);
  }
});

const failed = {
  id: 'r1',
  object: 'response',
  model: 'gpt-4o',
  status: 'failed',
  output: [],
  error: { code: 'rate_limit_exceeded', message: 'x' },
};

test('a failed answer of OpenAI Responses is a failure, although the client throws nothing', async (t) => {
  for (const [stream, reply] of [
    [false, json(200, failed)],
    [true, eventStream([{ type: 'response.failed', response: failed } as { type: string }])],
  ] as const) {
    const monitored = await openAi(t, reply);
    const ask = monitored.monitoredQuery({ operation: 'chat' })(() =>
      monitored.client.responses.create({ model: 'gpt-4o', input: 'hello', stream } as never),
    );
    const answer = await ask();
    if (stream) await drain(answer);
    await assertOnce(monitored, 'rate_limited');
  }
});

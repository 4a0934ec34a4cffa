import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { drain } from './helpers/drain.js';
import { assertOnce, MESSAGES, type Monitoring } from './helpers/llm-calls.js';
import { eventStream, json, type Reply, startLlmServer } from './helpers/llm-server.js';
import { testMonitoring } from './helpers/monitoring.js';

// The real client against a local server that speaks its protocol.
const usage = {
  input_tokens: 600,
  cache_read_input_tokens: 300,
  cache_creation_input_tokens: 100,
  output_tokens: 200,
};
const message = {
  id: 'm1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-6',
  content: [],
  stop_reason: null,
  usage,
};
const events = [
  { type: 'message_start', message: { ...message, usage: { ...usage, output_tokens: 1 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 200 } },
  { type: 'message_stop' },
];
// 600 × 3 + 300 × 0.30 + 100 × 3.75 + 200 × 15 USD per million
const COST = 0.005265;
const PARAMETERS = { model: 'claude-sonnet-4-6', max_tokens: 300, messages: MESSAGES };

async function anthropic(t: TestContext, reply: Reply) {
  const monitoring = testMonitoring();
  const fetch = monitoring.monitoredFetch({ provider: 'anthropic' });
  const client = new Anthropic({ apiKey: 'test', baseURL: await startLlmServer(t, reply), fetch, maxRetries: 0 });
  return { ...monitoring, client, watch: monitoring.monitoredQuery({ operation: 'chat' }) };
}

async function assertUsage({ series }: Monitoring): Promise<void> {
  assert.equal(await series('rag_input_tokens_sum{model="claude-sonnet-4-6"}'), 1000);
  assert.equal(await series('rag_output_tokens_sum{model="claude-sonnet-4-6"}'), 200);
  assert.equal(await series('rag_cached_input_tokens_total{model="claude-sonnet-4-6"}'), 300);
  assert.equal(await series('rag_total_cost_usd{model="claude-sonnet-4-6"}'), COST);
}

test('an answer of Anthropic is priced by its own way of counting cached tokens', async (t) => {
  const headers = {
    'anthropic-ratelimit-requests-remaining': '7',
    'anthropic-ratelimit-requests-reset': '2099-01-01T00:00:00Z',
  };
  const monitored = await anthropic(t, json(200, message, headers));
  await monitored.watch(() => monitored.client.messages.create(PARAMETERS))();
  await assertOnce(monitored, 'success');
  await assertUsage(monitored);
  assert.equal(await monitored.series('rag_rate_limit_remaining{provider="anthropic"}'), 7);
});

test('the two usages of a stream of Anthropic are merged, never added', async (t) => {
  const monitored = await anthropic(t, eventStream(events));
  const stream = await monitored.watch(() => monitored.client.messages.create({ ...PARAMETERS, stream: true }))();
  assert.equal((await drain(stream)).length, 6);
  await assertOnce(monitored, 'success');
  await assertUsage(monitored);
});

test('the .stream() helper of Anthropic is recorded once, and its final message comes', async (t) => {
  const monitored = await anthropic(t, eventStream(events));
  const stream = monitored.watch(() => monitored.client.messages.stream(PARAMETERS))();
  const final = await stream.finalMessage();
  assert.equal(final.usage.output_tokens, 200);
  await assertOnce(monitored, 'success');
  await assertUsage(monitored);
});

test('the .stream() helper of Anthropic that has ended when it is returned is recorded too', async (t) => {
  const monitored = await anthropic(t, eventStream(events));
  await monitored.watch(async () => {
    const stream = monitored.client.messages.stream(PARAMETERS);
    await stream.finalMessage();
    return stream;
  })();
  await assertOnce(monitored, 'success');
  await assertUsage(monitored);
});

test('the .stream() helper of Anthropic that the provider refuses ends as rate_limited', async (t) => {
  const monitored = await anthropic(
    t,
    json(429, { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } }),
  );
  const stream = monitored.watch(() => monitored.client.messages.stream(PARAMETERS))();
  await assert.rejects(stream.finalMessage(), Anthropic.RateLimitError);
  await assertOnce(monitored, 'rate_limited');
});

test('a stream of Anthropic that is stopped early keeps the usage that has arrived', async (t) => {
  const monitored = await anthropic(t, eventStream(events));
  const stream = await monitored.watch(() => monitored.client.messages.create({ ...PARAMETERS, stream: true }))();
  for await (const event of stream) if (event.type === 'content_block_delta') break;
  await assertOnce(monitored, 'aborted');
  assert.equal(await monitored.series('rag_input_tokens_sum{model="claude-sonnet-4-6"}'), 1000);
  assert.equal(await monitored.series('rag_output_tokens_sum{model="claude-sonnet-4-6"}'), 1);
});

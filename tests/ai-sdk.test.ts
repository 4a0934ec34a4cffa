import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import { drain } from './helpers/drain.js';
import { assertChatUsage, assertOnce, CHAT_CHUNKS, CHAT_USAGE, untilRecorded } from './helpers/llm-calls.js';
import { json, openAiStream, type Reply, startLlmServer } from './helpers/llm-server.js';
import { testMonitoring } from './helpers/monitoring.js';

// The real client against a local server that speaks its protocol.
async function vercel(t: TestContext, reply: Reply) {
  const monitoring = testMonitoring();
  const provider = createOpenAI({ apiKey: 'test', baseURL: await startLlmServer(t, reply) });
  const watch = monitoring.monitoredQuery({ operation: 'chat', model: 'gpt-4o-2024-08-06' });
  return { ...monitoring, model: provider.chat('gpt-4o'), watch };
}

test('generateText of the AI SDK is priced once', async (t) => {
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }];
  const monitored = await vercel(
    t,
    json(200, { id: 'c', created: 1, model: 'gpt-4o-2024-08-06', choices, usage: CHAT_USAGE }),
  );
  const { text } = await monitored.watch(() => generateText({ model: monitored.model, prompt: 'hello' }))();
  assert.equal(text, 'Hello');
  await assertOnce(monitored, 'success');
  await assertChatUsage(monitored);
});

test('streamText of the AI SDK is recorded at its end, in whichever way it is consumed', async (t) => {
  const ways = {
    textStream: async (result: ReturnType<typeof streamText>) => (await drain(result.textStream)).join(''),
    fullStream: async (result: ReturnType<typeof streamText>) => {
      const parts = (await drain(result.fullStream)) as { type: string; text?: string }[];
      return parts
        .filter(({ type }) => type === 'text-delta')
        .map(({ text }) => text)
        .join('');
    },
    text: async (result: ReturnType<typeof streamText>) => result.text,
  };
  for (const [way, consume] of Object.entries(ways)) {
    const monitored = await vercel(t, openAiStream(CHAT_CHUNKS));
    const result = monitored.watch(() => streamText({ model: monitored.model, prompt: 'hello' }))();
    assert.equal(await consume(result), 'Hello', way);
    // `text` is there a moment before its stream has ended.
    await untilRecorded(monitored);
    await assertOnce(monitored, 'success');
    await assertChatUsage(monitored);
    assert.equal(await monitored.series('rag_time_to_first_token_seconds_count{operation="chat"}'), 1, way);
  }
});

test('streamText of the AI SDK that fails is an error, although its stream does not throw', async (t) => {
  const monitored = await vercel(t, json(400, { error: { message: 'bad request' } }));
  const result = monitored.watch(() =>
    streamText({ model: monitored.model, prompt: 'hello', maxRetries: 0, onError: () => undefined }),
  )();
  await drain(result.fullStream);
  await assertOnce(monitored, 'error');
});

test('streamText of the AI SDK whose consumer stops early is an abort', async (t) => {
  const monitored = await vercel(t, openAiStream(CHAT_CHUNKS));
  const result = monitored.watch(() => streamText({ model: monitored.model, prompt: 'hello' }))();
  for await (const _ of result.textStream) break;
  await untilRecorded(monitored);
  await assertOnce(monitored, 'aborted');
});

test('refusals that made the AI SDK give up are rate_limited', async (t) => {
  const monitored = await vercel(t, json(429, { error: { message: 'slow down' } }, { 'retry-after-ms': '1' }));
  const ask = monitored.watch(() => generateText({ model: monitored.model, prompt: 'hello', maxRetries: 1 }));
  await assert.rejects(ask());
  await assertOnce(monitored, 'rate_limited');
});

test('streamText of the AI SDK that is aborted is an abort', async (t) => {
  const monitored = await vercel(t, (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(CHAT_CHUNKS[1])}\n\n`);
  });
  const stop = new AbortController();
  const result = monitored.watch(() =>
    streamText({ model: monitored.model, prompt: 'hello', abortSignal: stop.signal }),
  )();
  for await (const part of result.fullStream) if (part.type === 'text-delta') stop.abort();
  await assertOnce(monitored, 'aborted');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { drain } from './helpers/drain.js';
import {
  assertChatUsage,
  assertOnce,
  CHAT_CHUNKS,
  CHAT_USAGE,
  chatChunk,
  MESSAGES,
  untilRecorded,
} from './helpers/llm-calls.js';
import { json, openAiStream, type Reply } from './helpers/llm-server.js';
import { openAi } from './helpers/openai-client.js';

// The real client against a local server that speaks its protocol.
const completion = {
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-2024-08-06',
  choices: [],
  usage: CHAT_USAGE,
};

test('an answer of OpenAI Chat Completions keeps its promise class and methods, and its usage is priced once', async (t) => {
  const monitored = await openAi(
    t,
    json(200, completion, { 'x-ratelimit-remaining-requests': '4999', 'x-ratelimit-reset-requests': '6m0s' }),
  );
  const promise = monitored.ask({}) as unknown as ReturnType<OpenAI['chat']['completions']['create']>;
  const { data, response } = await promise.withResponse();
  assert.equal(response.status, 200);
  assert.equal((await promise) as unknown, data);
  await assertOnce(monitored, 'success');
  await assertChatUsage(monitored);
  assert.equal(await monitored.series('rag_rate_limit_remaining{provider="openai"}'), 4999);
  assert.equal(await monitored.series('rag_llm_attempts_total{provider="openai",status="success"}'), 1);
});

test('asResponse() of OpenAI leaves the body to the caller', async (t) => {
  const monitored = await openAi(t, json(200, completion));
  const promise = monitored.ask({}) as unknown as ReturnType<OpenAI['chat']['completions']['create']>;
  const response = await promise.asResponse();
  assert.equal(((await response.json()) as { id: string }).id, 'c1');
  await assertOnce(monitored, 'success');
});

test('a stream of OpenAI Chat Completions is recorded at its end, with time to first token and time per token', async (t) => {
  const monitored = await openAi(t, openAiStream(CHAT_CHUNKS));
  const stream = (await monitored.ask({ stream: true })) as unknown as AsyncIterable<unknown> & {
    controller: AbortController;
  };
  assert.equal(stream.constructor.name, 'Stream');
  assert.equal((await drain(stream)).length, 4);
  await assertOnce(monitored, 'success');
  await assertChatUsage(monitored);
  assert.equal(await monitored.series('rag_time_to_first_token_seconds_count{operation="chat"}'), 1);
  assert.equal(await monitored.series('rag_time_per_output_token_seconds_count{operation="chat"}'), 1);
});

test('a stream of OpenAI that is split is one call', async (t) => {
  const monitored = await openAi(t, openAiStream(CHAT_CHUNKS));
  const stream = (await monitored.ask({ stream: true })) as unknown as {
    tee(): [AsyncIterable<unknown>, AsyncIterable<unknown>];
  };
  const [left, right] = stream.tee();
  assert.deepEqual(await drain(left), await drain(right));
  await assertOnce(monitored, 'success');
  await assertChatUsage(monitored);
});

test('a consumer that stops a stream of OpenAI early is an abort, not an error', async (t) => {
  const monitored = await openAi(t, openAiStream(CHAT_CHUNKS));
  for await (const _ of (await monitored.ask({ stream: true })) as unknown as AsyncIterable<unknown>) break;
  await assertOnce(monitored, 'aborted');
  assert.doesNotMatch(await monitored.exposition(), /rag_errors_total\{.*\} [1-9]/);
});

test('an AbortSignal that fires in the middle of a stream of OpenAI is an abort, although the client ends the stream without an error', async (t) => {
  const stalls: Reply = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(CHAT_CHUNKS[1])}\n\n`);
  };
  const monitored = await openAi(t, stalls);
  const stop = new AbortController();
  const stream = (await monitored.ask({ stream: true }, { signal: stop.signal })) as unknown as AsyncIterable<unknown>;
  for await (const _ of stream) stop.abort();
  await assertOnce(monitored, 'aborted');
});

test('a connection that drops in the middle of a stream of OpenAI is an error', async (t) => {
  const drops: Reply = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(CHAT_CHUNKS[1])}\n\n`, () => response.destroy());
  };
  const monitored = await openAi(t, drops);
  await assert.rejects(drain(await monitored.ask({ stream: true })));
  await assertOnce(monitored, 'error');
});

test('bad JSON in a stream of OpenAI is an error of the client, which the consumer gets unchanged', async (t) => {
  const monitored = await openAi(
    t,
    (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.end('data: {"broken\n\n');
    },
    { logLevel: 'off' },
  );
  const stream = (await monitored.ask({ stream: true })) as unknown as AsyncIterable<unknown>;
  await assert.rejects(drain(stream), SyntaxError);
  await assertOnce(monitored, 'error');
  assert.equal(await monitored.series('rag_errors_total{error_type="SyntaxError",endpoint="chat"}'), 1);
});

test('a refusal that the OpenAI client retries is one operation, two attempts and one hit of the rate limit', async (t) => {
  const refusal = json(
    429,
    { error: { message: 'slow down' } },
    { 'retry-after-ms': '1', 'x-ratelimit-remaining-requests': '0' },
  );
  const reply: Reply = (request, response, attempt) =>
    (attempt === 1 ? refusal : json(200, completion))(request, response, attempt);
  const monitored = await openAi(t, reply, { maxRetries: 2 });
  await monitored.ask({});
  await assertOnce(monitored, 'success');
  assert.equal(await monitored.series('rag_llm_attempts_total{provider="openai",status="rate_limited"}'), 1);
  assert.equal(await monitored.series('rag_llm_attempts_total{provider="openai",status="success"}'), 1);
  assert.equal(await monitored.series('rag_rate_limit_hits_total{provider="openai"}'), 1);
  assert.equal(await monitored.series('rag_rate_limit_remaining{provider="openai"}'), 0);
});

test('a refusal that the OpenAI client does not retry ends the operation as rate_limited', async (t) => {
  const monitored = await openAi(t, json(429, { error: { message: 'slow down' } }));
  await assert.rejects(async () => monitored.ask({}), OpenAI.RateLimitError);
  await assertOnce(monitored, 'rate_limited');
  assert.equal(await monitored.series('rag_errors_total{error_type="RateLimitError",endpoint="chat"}'), 1);
});

test('a provider that stalls until the OpenAI client gives up ends the operation as timeout', async (t) => {
  const monitored = await openAi(t, () => undefined, { timeout: 50 });
  await assert.rejects(async () => monitored.ask({}), OpenAI.APIConnectionTimeoutError);
  await assertOnce(monitored, 'timeout');
});

test('the .stream() helper of OpenAI is recorded once, and its events still come', async (t) => {
  const monitored = await openAi(t, openAiStream(CHAT_CHUNKS));
  const stream = monitored.monitoredQuery({ operation: 'chat' })(() =>
    monitored.client.chat.completions.stream({ model: 'gpt-4o', messages: MESSAGES }),
  )();
  const contents: string[] = [];
  stream.on('content', (delta) => contents.push(delta));
  await stream.done();
  assert.deepEqual(contents, ['Hel', 'lo']);
  await assertOnce(monitored, 'success');
  await assertChatUsage(monitored);
});

test('a tool runner of OpenAI is one call with the usage of all its completions, streamed or not', async (t) => {
  const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
  const call = { index: 0, id: 't1', type: 'function' as const, function: { name: 'look', arguments: '{}' } };
  const toolDelta = { role: 'assistant', content: null, tool_calls: [call] };
  const streams = [
    [
      { ...chatChunk(toolDelta, null, 'tool_calls'), id: 'c1' },
      { ...chatChunk(undefined, usage), id: 'c1' },
    ],
    [
      { ...chatChunk({ role: 'assistant', content: 'done' }, null, 'stop'), id: 'c2' },
      { ...chatChunk(undefined, usage), id: 'c2' },
    ],
  ];
  const message = (content: string | null, calls?: object[]) => ({
    role: 'assistant',
    content,
    refusal: null,
    ...(calls && { tool_calls: calls }),
  });
  const answers = [message(null, [call]), message('done')].map((one, index) => ({
    id: `c${index}`,
    object: 'chat.completion',
    created: 1,
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, message: one, finish_reason: index === 0 ? 'tool_calls' : 'stop' }],
    usage,
  }));
  for (const stream of [true, false]) {
    const reply: Reply = (request, response, attempt) =>
      (stream ? openAiStream(streams[attempt - 1] ?? []) : json(200, answers[attempt - 1] ?? {}))(
        request,
        response,
        attempt,
      );
    const monitored = await openAi(t, reply);
    const tool = {
      type: 'function' as const,
      function: { name: 'look', parse: JSON.parse, function: () => 'found', description: 'x', parameters: {} },
    };
    const runner = monitored.monitoredQuery({ operation: 'chat', model: 'gpt-4o' })(() =>
      monitored.client.chat.completions.runTools({
        model: 'gpt-4o',
        messages: MESSAGES,
        tools: [tool],
        stream,
      } as never),
    )() as unknown as { done(): Promise<void> };
    await runner.done();
    await assertOnce(monitored, 'success');
    assert.equal(await monitored.series('rag_input_tokens_sum{model="gpt-4o"}'), 200, String(stream));
    assert.equal(await monitored.series('rag_output_tokens_sum{model="gpt-4o"}'), 20, String(stream));
  }
});

test('the .stream() helper of OpenAI that is aborted is an abort', async (t) => {
  const monitored = await openAi(t, openAiStream(CHAT_CHUNKS));
  const stream = monitored.monitoredQuery({ operation: 'chat' })(() =>
    monitored.client.chat.completions.stream({ model: 'gpt-4o', messages: MESSAGES }),
  )();
  stream.abort();
  await assert.rejects(stream.done(), OpenAI.APIUserAbortError);
  await assertOnce(monitored, 'aborted');
});

const stalls: Reply = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(`data: ${JSON.stringify(CHAT_CHUNKS[1])}\n\n`);
};

test('a request of OpenAI that is aborted between two chunks is an abort', async (t) => {
  const monitored = await openAi(t, stalls);
  const stream = (await monitored.ask({ stream: true })) as unknown as AsyncIterable<unknown> & {
    controller: AbortController;
  };
  await stream[Symbol.asyncIterator]().next();
  stream.controller.abort();
  await untilRecorded(monitored);
  await assertOnce(monitored, 'aborted');
});

test('a call of OpenAI is not in progress before it is awaited, or before its stream is read', async (t) => {
  const monitored = await openAi(t, openAiStream(CHAT_CHUNKS));
  void monitored.ask({ stream: true });
  await monitored.ask({ stream: true });
  assert.equal(await monitored.series('rag_active_requests'), 0);
});

test('a page of a list of OpenAI is an answer', async (t) => {
  const monitored = await openAi(t, json(200, { object: 'list', data: [{ id: 'gpt-4o' }] }));
  const page = await monitored.monitoredQuery({ operation: 'chat' })(() => monitored.client.models.list())();
  assert.equal(page.data.length, 1);
  await assertOnce(monitored, 'success');
});

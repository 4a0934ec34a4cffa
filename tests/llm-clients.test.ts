import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { eventStream, json, openAiStream, type Reply, startLlmServer } from './helpers/llm-server.js';
import { requests, testMonitoring } from './helpers/monitoring.js';

// The real clients of the providers against a local server that speaks their protocols.
const MESSAGES = [{ role: 'user' as const, content: 'hello' }];
const chunk = (delta: object | undefined, usage: object | null = null, finish_reason: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-4o-2024-08-06',
  choices: delta ? [{ index: 0, delta, finish_reason }] : [],
  usage,
});
const CHAT_USAGE = {
  prompt_tokens: 1000,
  completion_tokens: 200,
  total_tokens: 1200,
  prompt_tokens_details: { cached_tokens: 400 },
  completion_tokens_details: { reasoning_tokens: 50 },
};
const CHAT_CHUNKS = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Hel' }),
  chunk({ content: 'lo' }, null, 'stop'),
  chunk(undefined, CHAT_USAGE),
];
// 600 × 2.50 + 400 × 1.25 + 200 × 10 USD per million
const CHAT_COST = 0.004;

type Monitoring = ReturnType<typeof testMonitoring>;

async function openAi(t: Parameters<typeof startLlmServer>[0], reply: Reply, options = {}) {
  const monitoring = testMonitoring();
  const client = new OpenAI({
    apiKey: 'test',
    baseURL: await startLlmServer(t, reply),
    fetch: monitoring.monitoredFetch({ provider: 'openai' }),
    maxRetries: 0,
    ...options,
  });
  const ask = (parameters: object, requestOptions = {}) =>
    client.chat.completions.create({ model: 'gpt-4o', messages: MESSAGES, ...parameters } as never, requestOptions);
  return { ...monitoring, client, ask: monitoring.monitoredQuery({ operation: 'chat' })(ask) };
}

async function assertOnce({ series }: Monitoring, status: string): Promise<void> {
  assert.equal(await series(requests('chat', status)), 1);
  assert.equal(await series('rag_query_latency_seconds_count{operation="chat"}'), 1);
  assert.equal(await series('rag_active_requests'), 0);
}

/** Waits for the end of a call that the client lets go of before; the limit of the test ends what never comes. */
async function untilRecorded({ series }: Monitoring): Promise<void> {
  while (!(await series('rag_query_latency_seconds_count{operation="chat"}'))) await turn();
}

const MODEL = '{model="gpt-4o-2024-08-06"}';

async function assertChatUsage({ series }: Monitoring): Promise<void> {
  assert.equal(await series(`rag_input_tokens_sum${MODEL}`), 1000);
  assert.equal(await series(`rag_output_tokens_sum${MODEL}`), 200);
  assert.equal(await series(`rag_cached_input_tokens_total${MODEL}`), 400);
  assert.equal(await series(`rag_reasoning_tokens_total${MODEL}`), 50);
  assert.equal(await series(`rag_total_cost_usd${MODEL}`), CHAT_COST);
}

async function drain(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const one of stream) chunks.push(one);
  return chunks;
}

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
  await assert.rejects(drain((await monitored.ask({ stream: true })) as unknown as AsyncIterable<unknown>));
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
      { ...chunk(toolDelta, null, 'tool_calls'), id: 'c1' },
      { ...chunk(undefined, usage), id: 'c1' },
    ],
    [
      { ...chunk({ role: 'assistant', content: 'done' }, null, 'stop'), id: 'c2' },
      { ...chunk(undefined, usage), id: 'c2' },
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

describe('OpenAI Responses', () => {
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
      if (stream) await drain(answer as unknown as AsyncIterable<unknown>);
      await assertOnce(monitored, 'success');
      await assertChatUsage(monitored);
      const firstTokens = await monitored.series('rag_time_to_first_token_seconds_count{operation="chat"}');
      assert.equal(firstTokens, stream ? 1 : undefined);
    }
  });
});

describe('OpenAI Responses that fail', () => {
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
      if (stream) await drain(answer as unknown as AsyncIterable<unknown>);
      await assertOnce(monitored, 'rate_limited');
    }
  });
});

describe('Anthropic Messages', () => {
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
    model: 'claude-sonnet-4-5',
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
  const PARAMETERS = { model: 'claude-sonnet-4-5', max_tokens: 300, messages: MESSAGES };

  async function anthropic(t: Parameters<typeof startLlmServer>[0], reply: Reply) {
    const monitoring = testMonitoring();
    const fetch = monitoring.monitoredFetch({ provider: 'anthropic' });
    const client = new Anthropic({ apiKey: 'test', baseURL: await startLlmServer(t, reply), fetch, maxRetries: 0 });
    return { ...monitoring, client, watch: monitoring.monitoredQuery({ operation: 'chat' }) };
  }

  async function assertUsage({ series }: Monitoring): Promise<void> {
    assert.equal(await series('rag_input_tokens_sum{model="claude-sonnet-4-5"}'), 1000);
    assert.equal(await series('rag_output_tokens_sum{model="claude-sonnet-4-5"}'), 200);
    assert.equal(await series('rag_cached_input_tokens_total{model="claude-sonnet-4-5"}'), 300);
    assert.equal(await series('rag_total_cost_usd{model="claude-sonnet-4-5"}'), COST);
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
    assert.equal(await monitored.series('rag_input_tokens_sum{model="claude-sonnet-4-5"}'), 1000);
    assert.equal(await monitored.series('rag_output_tokens_sum{model="claude-sonnet-4-5"}'), 1);
  });
});

describe('Vercel AI SDK', () => {
  async function vercel(t: Parameters<typeof startLlmServer>[0], reply: Reply) {
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
});

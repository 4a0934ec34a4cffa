import assert from 'node:assert/strict';
import { test } from 'node:test';
import { USAGE_FORMATS } from '../src/m2_3_monitoring/result/provider-usage.js';
import { requests, testMonitoring } from './helpers/monitoring.js';

/** What a call used. */
interface Used {
  input: number;
  output: number;
  cached?: number;
  reasoning?: number;
  model?: string;
}

async function used(results: unknown[], isStream: boolean): Promise<Used> {
  const { monitoredQuery, exposition } = testMonitoring();
  const watch = monitoredQuery({ operation: 'ask' });
  if (isStream) {
    const stream = watch(async function* () {
      yield* results;
    });
    for await (const _ of stream());
  } else await watch(async () => results[0])();
  const text = await exposition();
  const sumOf = (name: string) => Number(new RegExp(`^${name}\\{model="[^"]*"\\} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return {
    input: sumOf('rag_input_tokens_sum'),
    output: sumOf('rag_output_tokens_sum'),
    cached: sumOf('rag_cached_input_tokens_total'),
    reasoning: sumOf('rag_reasoning_tokens_total'),
    model: /rag_input_tokens_sum\{model="([^"]*)"\}/.exec(text)?.[1],
  };
}

/** Answers as the clients give them, without what is not read; each provider's documentation is named in `USAGE_FORMATS`. */
const ANSWERS: [name: string, answer: object, expected: Used][] = [
  [
    'Mistral',
    {
      model: 'mistral-large-2512',
      choices: [],
      usage: { promptTokens: 1000, completionTokens: 200, totalTokens: 1200 },
    },
    { input: 1000, output: 200, model: 'mistral-large-2512' },
  ],
  [
    'Cohere, which bills less than it counts',
    {
      usage: {
        billedUnits: { inputTokens: 1000, outputTokens: 200 },
        tokens: { inputTokens: 1066, outputTokens: 203 },
      },
    },
    { input: 1000, output: 200 },
  ],
  ['Cohere, embeddings', { embeddings: {}, meta: { billedUnits: { inputTokens: 40 } } }, { input: 40, output: 0 }],
  [
    'Ollama',
    { model: 'llama3.2', message: { content: 'An answer.' }, done: true, prompt_eval_count: 1000, eval_count: 200 },
    { input: 1000, output: 200, model: 'llama3.2' },
  ],
  [
    'Bedrock Converse, whose input leaves out the cache',
    {
      output: { message: { role: 'assistant', content: [] } },
      usage: { inputTokens: 600, outputTokens: 200, cacheReadInputTokens: 400, cacheWriteInputTokens: 0 },
    },
    { input: 1000, output: 200, cached: 400 },
  ],
  [
    'xAI, whose output leaves out reasoning',
    {
      model: 'grok-4.6',
      choices: [],
      usage: {
        prompt_tokens: 1000,
        completion_tokens: 150,
        total_tokens: 1200,
        completion_tokens_details: { reasoning_tokens: 50 },
      },
    },
    { input: 1000, output: 200, reasoning: 50, model: 'grok-4.6' },
  ],
  [
    'Gemini with tools, whose results are billed as input',
    {
      modelVersion: 'gemini-2.5-pro',
      usageMetadata: {
        promptTokenCount: 900,
        toolUsePromptTokenCount: 100,
        candidatesTokenCount: 150,
        thoughtsTokenCount: 50,
      },
    },
    { input: 1000, output: 200, reasoning: 50, model: 'gemini-2.5-pro' },
  ],
  [
    'LangChain',
    {
      content: 'An answer.',
      usage_metadata: {
        input_tokens: 1000,
        output_tokens: 200,
        input_token_details: { cache_read: 400 },
        output_token_details: { reasoning: 50 },
      },
      response_metadata: { model_name: 'gpt-4o' },
    },
    { input: 1000, output: 200, cached: 400, reasoning: 50, model: 'gpt-4o' },
  ],
  [
    'LlamaIndex, which keeps the answer of the provider',
    {
      message: { content: 'An answer.' },
      raw: { model: 'gpt-4o', usage: { prompt_tokens: 1000, completion_tokens: 200 } },
    },
    { input: 1000, output: 200, model: 'gpt-4o' },
  ],
  [
    'a line of a batch of OpenAI',
    {
      custom_id: 'a',
      response: { status_code: 200, body: { model: 'gpt-4o', usage: { prompt_tokens: 1000, completion_tokens: 200 } } },
    },
    { input: 1000, output: 200, model: 'gpt-4o' },
  ],
  [
    'a line of a batch of Anthropic',
    {
      custom_id: 'a',
      result: {
        type: 'succeeded',
        message: {
          model: 'claude-sonnet-4-5',
          usage: { input_tokens: 600, cache_read_input_tokens: 400, output_tokens: 200 },
        },
      },
    },
    { input: 1000, output: 200, cached: 400, model: 'claude-sonnet-4-5' },
  ],
  ['the AI SDK, embeddings', { embeddings: [[0.1]], usage: { tokens: 40 } }, { input: 40, output: 0 }],
  [
    'Voyage, embeddings',
    { model: 'voyage-4', usage: { total_tokens: 40 } },
    { input: 40, output: 0, model: 'voyage-4' },
  ],
  [
    'an event of the Realtime API',
    { type: 'response.done', response: { usage: { input_tokens: 1000, output_tokens: 200 } } },
    { input: 1000, output: 200 },
  ],
];

const STREAMS: [name: string, chunks: object[], expected: Used][] = [
  [
    'Mistral, which wraps its chunks',
    [
      { data: { model: 'mistral-large-2512', choices: [{ delta: { content: 'An' } }] } },
      { data: { model: 'mistral-large-2512', choices: [], usage: { promptTokens: 1000, completionTokens: 200 } } },
    ],
    { input: 1000, output: 200, model: 'mistral-large-2512' },
  ],
  [
    'Groq, whose last chunk has the usage in a field of its own',
    [
      { model: 'openai/gpt-oss-120b', choices: [{ delta: { content: 'An' }, finish_reason: null }] },
      { model: 'openai/gpt-oss-120b', choices: [{ delta: { content: ' answer.' }, finish_reason: null }] },
      {
        model: 'openai/gpt-oss-120b',
        choices: [{ delta: {}, finish_reason: 'stop' }],
        x_groq: {
          usage: { prompt_tokens: 1000, completion_tokens: 200, prompt_tokens_details: { cached_tokens: 400 } },
        },
      },
    ],
    { input: 1000, output: 200, cached: 400, model: 'openai/gpt-oss-120b' },
  ],
  [
    'Cohere',
    [
      { type: 'content-delta', delta: { message: { content: { text: 'An answer.' } } } },
      { type: 'message-end', delta: { usage: { billedUnits: { inputTokens: 1000, outputTokens: 200 } } } },
    ],
    { input: 1000, output: 200 },
  ],
  [
    'Bedrock ConverseStream',
    [
      { contentBlockDelta: { delta: { text: 'An answer.' } } },
      { metadata: { usage: { inputTokens: 600, outputTokens: 200, cacheReadInputTokens: 400 } } },
    ],
    { input: 1000, output: 200, cached: 400 },
  ],
  [
    'LangChain',
    [
      { content: 'An answer.', response_metadata: { model_name: 'gpt-4o' } },
      { content: '', usage_metadata: { input_tokens: 1000, output_tokens: 200 } },
    ],
    { input: 1000, output: 200, model: 'gpt-4o' },
  ],
];

for (const [isStream, rows] of [
  [false, ANSWERS.map(([name, answer, expected]) => [name, [answer], expected] as const)],
  [true, STREAMS],
] as const) {
  for (const [name, results, expected] of rows) {
    test(`the usage of ${isStream ? 'a stream' : 'an answer'} of ${name} is read`, async () => {
      const { model = 'unknown', ...counts } = expected;
      assert.deepEqual(await used([...results], isStream), { cached: 0, reasoning: 0, ...counts, model });
    });
  }
}

test('every format names its source and the day on which it was read there', () => {
  for (const { provider, source, checked } of USAGE_FORMATS) {
    assert.match(source, /^https:\/\//, provider);
    assert.match(checked, /^20\d\d-\d\d-\d\d$/, provider);
  }
});

test('a stream of a known model that ends without any usage is counted as missing, and costs nothing that is made up', async () => {
  const { monitoredQuery, series } = testMonitoring();
  // OpenAI's default: without `stream_options: { include_usage: true }`.
  const stream = monitoredQuery({ operation: 'chat' })(async function* () {
    yield { model: 'gpt-4o', choices: [{ delta: { content: 'An answer.' }, finish_reason: null }] };
    yield { model: 'gpt-4o', choices: [{ delta: {}, finish_reason: 'stop' }] };
  });
  for await (const _ of stream());
  assert.equal(await series('rag_dropped_values_total{field="output_tokens",reason="missing"}'), 1);
  assert.equal(await series('rag_total_cost_usd{model="gpt-4o"}'), 0);
});

test('a refusal for too many requests is known by the status, wherever a client keeps it', async () => {
  const refusals = [
    { status: 429 },
    { statusCode: 429 },
    { status_code: 429 },
    { $metadata: { httpStatusCode: 429 } },
    { response: { status: 429 } },
    { name: 'ThrottlingException' },
  ];
  for (const fields of refusals) {
    const { monitoredQuery, series } = testMonitoring();
    const ask = monitoredQuery({ operation: 'ask' })(async () =>
      Promise.reject(Object.assign(new Error('slow'), fields)),
    );
    await assert.rejects(ask());
    assert.equal(await series(requests('ask', 'rate_limited')), 1, JSON.stringify(fields));
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain } from './helpers/drain.js';
import { testMonitoring } from './helpers/monitoring.js';

// What each provider reports of the same call: 1000 input tokens, of which 400 were read from its cache and, where it reports
// that, 100 written to it, and 200 output tokens, of which 50 were reasoning.
const SAME_CALL: Record<string, object> = {
  'OpenAI Chat Completions': {
    usage: {
      prompt_tokens: 1000,
      completion_tokens: 200,
      prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 100 },
      completion_tokens_details: { reasoning_tokens: 50 },
    },
  },
  'OpenAI Responses': {
    usage: {
      input_tokens: 1000,
      input_tokens_details: { cached_tokens: 400, cache_write_tokens: 100 },
      output_tokens: 200,
      output_tokens_details: { reasoning_tokens: 50 },
    },
  },
  Gemini: {
    usageMetadata: {
      promptTokenCount: 1000,
      cachedContentTokenCount: 400,
      candidatesTokenCount: 150,
      thoughtsTokenCount: 50,
    },
  },
  'the Vercel AI SDK': {
    totalUsage: {
      inputTokens: 1000,
      outputTokens: 200,
      inputTokenDetails: { cacheReadTokens: 400, cacheWriteTokens: 100 },
      outputTokenDetails: { reasoningTokens: 50 },
    },
    usage: { inputTokens: 1, outputTokens: 1 },
  },
  'an older Vercel AI SDK': {
    usage: { inputTokens: 1000, outputTokens: 200, cachedInputTokens: 400, reasoningTokens: 50 },
  },
  Mistral: {
    usage: { promptTokens: 1000, completionTokens: 200, promptTokensDetails: { cachedTokens: 400 } },
  },
  'Amazon Bedrock': {
    usage: { inputTokens: 500, outputTokens: 200, cacheReadInputTokens: 400, cacheWriteInputTokens: 100 },
  },
  'the lesson': {
    input_tokens: 1000,
    output_tokens: 200,
    cachedInputTokens: 400,
    cacheWriteTokens: 100,
    reasoningTokens: 50,
  },
};
/** Of the same call at the prices of claude-sonnet-4-5, in USD per million. */
const READ_AND_WRITTEN = (500 * 3 + 400 * 0.3 + 100 * 3.75 + 200 * 15) / 1e6;
const READ = (600 * 3 + 400 * 0.3 + 200 * 15) / 1e6;
const REPORT_NO_WRITES = ['Gemini', 'an older Vercel AI SDK', 'Mistral'];
const REPORT_NO_REASONING = ['Mistral', 'Amazon Bedrock'];

async function record(result: object, model = 'claude-sonnet-4-5') {
  const monitoring = testMonitoring();
  await monitoring.monitoredQuery({ operation: 'ask', model })(async () => result)();
  const value = (name: string) => monitoring.series(`${name}{model="${model}"}`);
  return { ...monitoring, value };
}

for (const [provider, result] of Object.entries(SAME_CALL)) {
  test(`every token of a usage as ${provider} reports it is counted once, and priced by its kind`, async () => {
    const { value, exposition } = await record(result);
    assert.equal(await value('rag_input_tokens_sum'), 1000);
    assert.equal(await value('rag_output_tokens_sum'), 200);
    assert.equal(await value('rag_cached_input_tokens_total'), 400);
    assert.equal(await value('rag_reasoning_tokens_total'), REPORT_NO_REASONING.includes(provider) ? undefined : 50);
    assert.equal(await value('rag_total_cost_usd'), REPORT_NO_WRITES.includes(provider) ? READ : READ_AND_WRITTEN);
    assert.doesNotMatch(await exposition(), /rag_dropped_values_total\{/);
  });
}

test('the input of a usage of Anthropic leaves out the cache, whose writes for five minutes and for an hour have prices of their own', async () => {
  const usage = {
    input_tokens: 500,
    cache_read_input_tokens: 400,
    cache_creation_input_tokens: 100,
    cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 },
    output_tokens: 200,
  };
  const { value } = await record({ usage });
  assert.equal(await value('rag_input_tokens_sum'), 1000);
  // 500 × 3 + 400 × 0.30 + 60 × 3.75 + 40 × 6 + 200 × 15 USD per million
  assert.equal(await value('rag_total_cost_usd'), 0.005085);
});

// [tokens written to the cache, how many of them for an hour as reported, the cost of the input in USD per million tokens]
const WRITES: [written: number, hourly: number, perMillion: number][] = [
  [100, 40, 60 * 3.75 + 40 * 6],
  [100, 100, 100 * 6],
  [100, 300, 300 * 6],
];
for (const [written, hourly, perMillion] of WRITES) {
  test(`${written} tokens written to the cache, ${hourly} for an hour, are priced by time with Anthropic and Bedrock`, async () => {
    const anthropic = {
      input_tokens: 0,
      output_tokens: 0,
      cache_creation_input_tokens: written,
      cache_creation: { ephemeral_1h_input_tokens: hourly },
    };
    const bedrock = {
      inputTokens: 0,
      outputTokens: 0,
      cacheWriteInputTokens: written,
      cacheDetails: [
        { ttl: '5m', inputTokens: 1 },
        { ttl: '1h', inputTokens: hourly },
      ],
    };
    for (const usage of [anthropic, bedrock]) {
      const { value } = await record({ usage });
      assert.equal(await value('rag_total_cost_usd'), perMillion / 1e6);
      assert.equal(await value('rag_input_tokens_sum'), Math.max(written, hourly));
    }
  });
}

test('tokens that a result reports as written to the cache for an hour have their own price', async () => {
  const { value } = await record({ input_tokens: 100, output_tokens: 0, cacheWrite1hTokens: 100 });
  assert.equal(await value('rag_total_cost_usd'), (100 * 6) / 1e6);
});

test('the thoughts of a model of Gemini that was stopped while it thought are output', async () => {
  const { value } = await record({ usageMetadata: { promptTokenCount: 10, thoughtsTokenCount: 90 } });
  assert.equal(await value('rag_output_tokens_sum'), 90);
});

test('a model of Gemini may think more than it says, and report no input', async () => {
  const { value } = await record({ usageMetadata: { candidatesTokenCount: 10, thoughtsTokenCount: 90 } });
  assert.equal(await value('rag_output_tokens_sum'), 100);
  assert.equal(await value('rag_reasoning_tokens_total'), 90);
});

test('an embedding has no output, which is not counted as missing', async () => {
  const { value, exposition } = await record(
    { usage: { prompt_tokens: 1000, total_tokens: 1000 } },
    'text-embedding-3-small',
  );
  assert.equal(await value('rag_total_cost_usd'), 0.00002);
  assert.doesNotMatch(await exposition(), /reason="missing"/);
});

test('a part of a usage that is larger than its whole is dropped and counted', async () => {
  const { value, series } = await record({
    input_tokens: 10,
    output_tokens: 5,
    cachedInputTokens: 11,
    reasoningTokens: 6,
  });
  assert.equal(await value('rag_input_tokens_sum'), 10);
  assert.equal(await value('rag_cached_input_tokens_total'), undefined);
  assert.equal(await series('rag_dropped_values_total{field="cached_input_tokens",reason="out_of_range"}'), 1);
  assert.equal(await series('rag_dropped_values_total{field="reasoning_tokens",reason="out_of_range"}'), 1);
});

/** Some of its fields throw, at the top, in a place where usage may be, and in the details. */
const withFieldsThatThrow = () => {
  const refuse = {
    get(): never {
      throw new Error('not yours');
    },
    enumerable: true,
  };
  const details = Object.defineProperty({}, 'cached_tokens', refuse);
  const usage = { prompt_tokens: 1000, completion_tokens: 200, prompt_tokens_details: details };
  return Object.defineProperties(
    { model: 'gpt-4', usage, relevance_score: 0.5 },
    { totalUsage: refuse, message: refuse },
  );
};

test('a usage of which some fields throw is taken from the others', async () => {
  const { value, series } = await record(withFieldsThatThrow());
  assert.equal(await value('rag_input_tokens_sum'), 1000);
  assert.equal(await value('rag_output_tokens_sum'), 200);
  assert.equal(await series('rag_relevance_score_sum'), 0.5);
  assert.equal(await series('rag_dropped_values_total{field="cached_input_tokens",reason="unreadable"}'), 1);
});

test('a usage of which some fields throw in a frozen chunk of a stream is taken from the others', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const stream = monitoredQuery({ operation: 'ask' })(async function* () {
    yield Object.freeze(withFieldsThatThrow());
  });
  for await (const _ of stream()) void _;
  assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 1000);
  assert.equal(await series('rag_relevance_score_sum'), 0.5);
});

test('a count is read in either spelling, also where the other one is there without a value', async () => {
  const { value, series } = await record({
    input_tokens: 10,
    inputTokens: undefined,
    outputTokens: 3,
    output_tokens: null,
    relevance_score: 0.8,
    relevanceScore: undefined,
  });
  assert.equal(await value('rag_input_tokens_sum'), 10);
  assert.equal(await value('rag_output_tokens_sum'), 3);
  assert.equal(await series('rag_relevance_score_sum'), 0.8);
});

test('a cost that the provider reports is taken', async () => {
  for (const usage of [
    { prompt_tokens: 1000, completion_tokens: 200, cost: 0.0123 },
    { input_tokens: 1000, output_tokens: 200, cost: 0.0123 },
  ]) {
    const { value } = await record({ usage });
    assert.equal(await value('rag_total_cost_usd'), 0.0123);
  }
});

test('the usage of a stream that is cut off after two steps is the sum of both', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const usage = { inputTokens: 100, outputTokens: 10, cachedInputTokens: 40, reasoningTokens: 5 };
  const step = { type: 'finish-step', usage };
  const stream = monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async function* () {
    yield step;
    yield { ...step };
    yield { type: 'text-delta', text: 'more' };
  });
  for await (const part of stream()) if (part.type === 'text-delta') break;
  assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 200);
  assert.equal(await series('rag_output_tokens_sum{model="gpt-4"}'), 20);
  assert.equal(await series('rag_cached_input_tokens_total{model="gpt-4"}'), 80);
  assert.equal(await series('rag_reasoning_tokens_total{model="gpt-4"}'), 10);
});

test('messages of a stream are added up only where each is complete', async () => {
  const message = { type: 'message', usage: { input_tokens: 100, cache_read_input_tokens: 0, output_tokens: 10 } };
  for (const [stop_reason, input] of [
    [undefined, 100],
    ['end_turn', 200],
  ] as const) {
    const { monitoredQuery, series } = testMonitoring();
    const stream = monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async function* () {
      yield { ...message, stop_reason };
      yield { ...message, stop_reason };
    });
    await drain(stream());
    assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), input);
  }
});

test('a usage in every chunk of a stream is cumulative: the last one counts', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const stream = monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async function* () {
    for (let tokens = 1; tokens <= 5; tokens++)
      yield { choices: [{ delta: { content: 'x' } }], usage: { prompt_tokens: 7, completion_tokens: tokens } };
  });
  for await (const _ of stream()) void _;
  assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 7);
  assert.equal(await series('rag_output_tokens_sum{model="gpt-4"}'), 5);
});

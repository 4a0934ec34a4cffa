import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testMonitoring } from './helpers/monitoring.js';

// Most results are read and recorded in a short way; with `extract` the general one is taken. Both have to say the same.

const KEYS = [
  'input_tokens',
  'inputTokens',
  'output_tokens',
  'outputTokens',
  'relevance_score',
  'relevanceScore',
  'context_precision',
  'contextPrecision',
  'model',
  'cached',
  'answer',
  'sources',
  'usage',
  'cost_usd',
  'cached_input_tokens',
  'status',
  'response',
  'modelVersion',
];

const good = fc.oneof(fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }));
const bad = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    '12',
    true,
    false,
  ),
  fc.constantFrom<unknown>('gpt-4', 'gpt-4-turbo', 'my-model', [], {}, { prompt_tokens: 9, completion_tokens: 4 }),
);
const usage = fc.record({ input_tokens: fc.nat(300_000), output_tokens: fc.nat(5000) });
const extras = fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(good, bad), { maxKeys: 4 });
const result = fc.oneof(
  extras,
  fc.tuple(usage, extras).map(([tokens, others]) => ({ ...tokens, ...others })),
  fc.tuple(extras, usage).map(([others, tokens]) => ({ ...others, ...tokens })),
);
const options = fc.record(
  { model: fc.constantFrom('gpt-4', 'gemini-1.5-pro', 'my-model'), batch: fc.boolean() },
  { requiredKeys: [] },
);

async function expositionOf(results: object[], further: object): Promise<string> {
  const { monitoredQuery, exposition, advance } = testMonitoring({ maxLabelValues: 3 });
  const watch = monitoredQuery({ operation: 'ask', ...further });
  for (const one of results) {
    await watch(async () => {
      advance(700);
      return one;
    })();
  }
  return exposition();
}

test('the short way and the general one record the same of any result', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(result, { minLength: 1, maxLength: 6 }), options, async (results, given) => {
      const general = { ...given, extract: (value: unknown) => value };
      assert.equal(await expositionOf(results, given), await expositionOf(results, general));
    }),
    { numRuns: 400, seed: Number(process.env.FUZZ_SEED ?? 1) },
  );
});

test('nearly all results take the short way, and it is the short one that is compared', async () => {
  // A getter is read once in the short way; in the general one several times.
  const reads = { short: 0, general: 0 };
  const counting = (way: keyof typeof reads) => ({
    get input_tokens() {
      reads[way] += 1;
      return 450;
    },
    output_tokens: 120,
    answer: 'Rotate them daily.',
    sources: ['logging.md'],
  });
  await expositionOf([counting('short')], { model: 'gpt-4' });
  await expositionOf([counting('general')], { model: 'gpt-4', extract: (value: unknown) => value });
  assert.equal(reads.short, 1);
  assert.ok(reads.general > 1, String(reads.general));
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import priceBook from '../data/model_prices.json';
import { ConfigError, createMonitoring, findStalePrices } from '../src/m2_3_monitoring/index.js';
import cases from './fixtures/price-cases.json';
import { testMonitoring } from './helpers/monitoring.js';
import { temporaryFolder } from './helpers/temporary.js';

// The same cases on every run; another seed looks further: FUZZ_SEED=7 npm test.
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 1) });

/** After every row of the price book. */
const TODAY = Date.UTC(2026, 10, 23);
const { calculateCost, findPrice } = testMonitoring({ wallClock: () => TODAY });
const close = (actual: number, expected: number) => Math.abs(actual - expected) <= 1e-12 + Math.abs(expected) * 1e-9;

test('the price book says of every price when it began, when it was read and where', () => {
  const names = new Set<string>();
  for (const { model, aliases, prices } of priceBook.models) {
    for (const name of [model, ...aliases]) {
      assert.ok(!names.has(name), `${name} is there twice`);
      names.add(name);
    }
    assert.deepEqual(
      prices.map(({ from }) => from),
      prices.map(({ from }) => from).sort(),
      `${model}: oldest first`,
    );
    for (const { from, checked, source, input } of prices) {
      assert.match(from, /^\d{4}-\d\d-\d\d$/, model);
      assert.match(checked, /^\d{4}-\d\d-\d\d$/, model);
      assert.match(source, /^https:\/\//, model);
      assert.ok(input > 0, model);
    }
  }
});

test('the price book finds models with a prefix or a date, and a snapshot with a price of its own', () => {
  assert.equal(findPrice('openai/gpt-4o')?.input, 2.5);
  assert.equal(findPrice('gpt-4o-2024-05-13')?.input, 5);
  assert.equal(findPrice('anthropic.claude-opus-4-1-20250805-v1:0')?.input, findPrice('claude-opus-4-1')?.input);
  assert.equal(findPrice('no-such-model'), undefined);
});

test('the prices that were last checked more than a year ago are found, oldest first', () => {
  assert.deepEqual(findStalePrices(Date.UTC(2020, 0, 1)), []);
  const inTenYears = findStalePrices(Date.UTC(2036, 0, 1));
  assert.equal(inTenYears.length, priceBook.models.length);
  assert.ok((inTenYears[0]?.checked ?? '') <= (inTenYears.at(-1)?.checked ?? ''));
  const [oldest] = inTenYears;
  const aYearLater = Date.parse(oldest?.checked.replace(/^\d{4}/, (year) => String(Number(year) + 1)) ?? '');
  assert.deepEqual(findStalePrices(aYearLater), []);
  assert.deepEqual(findStalePrices(aYearLater + 1)[0], oldest);
});

for (const { name, model, usage, expectedUsd, how, ...rest } of cases as ({
  at?: string;
} & (typeof cases)[number])[]) {
  test(`the cost of ${name} is right: ${how}`, () => {
    const atMs = rest.at === undefined ? TODAY : Date.parse(rest.at);
    const actual = calculateCost({ model, ...usage, atMs });
    assert.ok(close(actual, expectedUsd), `${actual} instead of ${expectedUsd}`);
  });
}

const tokens = fc.nat(2_000_000);
const models = fc.constantFrom(...priceBook.models.map(({ model }) => model), 'no-such-model');
const anyNumber = fc.oneof(tokens, fc.double(), fc.constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY, undefined));

test('the cost is a finite number of at least 0, whatever is counted', () => {
  const usage = fc.record({
    model: fc.oneof(models, fc.string()),
    inputTokens: anyNumber,
    cachedInputTokens: anyNumber,
    cacheWriteTokens: anyNumber,
    cacheWrite1hTokens: anyNumber,
    outputTokens: anyNumber,
    batch: fc.boolean(),
  });
  fc.assert(
    fc.property(usage, (one) => {
      const cost = calculateCost(one);
      assert.ok(Number.isFinite(cost) && cost >= 0, String(cost));
    }),
    { numRuns: 5000 },
  );
});

test('the cost of two calls is the sum of their costs where neither has a long context', () => {
  fc.assert(
    fc.property(models, fc.nat(60_000), fc.nat(60_000), tokens, tokens, (model, inputA, inputB, outputA, outputB) => {
      const cost = (inputTokens: number, outputTokens: number) => calculateCost({ model, inputTokens, outputTokens });
      assert.ok(close(cost(inputA, outputA) + cost(inputB, outputB), cost(inputA + inputB, outputA + outputB)));
    }),
  );
});

test('no token has more than one price, also where the parts are larger than the input', () => {
  const usage = { model: 'claude-opus-4-1', inputTokens: 100, cachedInputTokens: 50, cacheWriteTokens: 40 };
  const expected = (50 * 1.5 + 40 * 18.75 + 10 * 30) / 1e6;
  assert.ok(close(calculateCost({ ...usage, cacheWrite1hTokens: 70 }), expected));
});

test('the cost never falls when one token more is used', () => {
  fc.assert(
    fc.property(models, tokens, tokens, (model, inputTokens, outputTokens) => {
      const cost = calculateCost({ model, inputTokens, outputTokens });
      assert.ok(calculateCost({ model, inputTokens: inputTokens + 1, outputTokens }) >= cost);
      assert.ok(calculateCost({ model, inputTokens, outputTokens: outputTokens + 1 }) >= cost);
    }),
  );
});

test('the cost of a batch or a long context keeps the proportions of the cache where no table has them', () => {
  const million = { model: 'claude-opus-4-1', inputTokens: 1e6, batch: true };
  assert.ok(close(calculateCost({ ...million, cachedInputTokens: 1e6 }), 0.75));
  assert.ok(close(calculateCost({ ...million, cacheWriteTokens: 1e6 }), 9.375));
});

test('cached tokens are a part of the input, at their own price', () => {
  const usage = { model: 'gpt-4o', inputTokens: 1000, outputTokens: 0 };
  assert.ok(close(calculateCost(usage), 0.0025));
  assert.ok(close(calculateCost({ ...usage, cachedInputTokens: 1000 }), 0.00125));
  assert.ok(close(calculateCost({ ...usage, cachedInputTokens: 5000 }), 0.00125), 'more cached than there were');
});

const row = { from: '2026-01-01', input: 1, output: 2, checked: '2026-01-01', source: 'contract' };
const withFile = (t: Parameters<typeof temporaryFolder>[0], content: unknown) => {
  const path = join(temporaryFolder(t), 'prices.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return createMonitoring({ config: { MODEL_PRICES_FILE: path } });
};

test('a price file wins over the committed prices of its models, and leaves those of others', (t) => {
  const { calculateCost } = withFile(t, {
    models: [
      { model: 'gpt-4', prices: [row] },
      { model: 'mine', prices: [row] },
    ],
  });
  assert.equal(calculateCost({ model: 'gpt-4', inputTokens: 1e6 }), 1);
  assert.equal(calculateCost({ model: 'mine', outputTokens: 1e6 }), 2);
  assert.equal(calculateCost({ model: 'gpt-4o', inputTokens: 1e6 }), 2.5);
});

test('each kind of token has a rate of its own: of single calls, of a batch and of a long context', (t) => {
  const { calculateCost } = withFile(t, {
    models: [
      {
        model: 'mine',
        prices: [
          {
            ...row,
            ...{ input: 2, cachedInput: 3, cacheWrite: 5, cacheWrite1h: 7, output: 11 },
            batch: { input: 13, cachedInput: 17, cacheWrite: 19, cacheWrite1h: 23, output: 29 },
            longContext: {
              aboveTokens: 1e6,
              ...{ input: 31, cachedInput: 37, cacheWrite: 41, cacheWrite1h: 43, output: 47 },
            },
          },
        ],
      },
    ],
  });
  const costs = (inputTokens: number, batch: boolean) => [
    calculateCost({ model: 'mine', inputTokens, batch }),
    calculateCost({ model: 'mine', inputTokens, batch, cachedInputTokens: inputTokens }),
    calculateCost({ model: 'mine', inputTokens, batch, cacheWriteTokens: inputTokens }),
    calculateCost({ model: 'mine', inputTokens, batch, cacheWrite1hTokens: inputTokens }),
    calculateCost({ model: 'mine', inputTokens, batch, outputTokens: 1e6 }),
  ];
  assert.deepEqual(costs(1e6, false), [2, 3, 5, 7, 2 + 11]);
  assert.deepEqual(costs(1e6, true), [13, 17, 19, 23, 13 + 29]);
  assert.deepEqual(costs(2e6, false), [62, 74, 82, 86, 62 + 47]);
});

test('a rate that a price leaves out is the nearest one that it has', (t) => {
  const { calculateCost } = withFile(t, {
    models: [
      { model: 'input only', prices: [{ ...row, input: 2 }] },
      { model: 'cached', prices: [{ ...row, input: 2, cacheWrite: 5, batch: { input: 1 } }] },
      { model: 'hourly', prices: [{ ...row, input: 2, cacheWrite1h: 6, batch: { input: 1 } }] },
      { model: 'free input', prices: [{ ...row, input: 0, cachedInput: 3, batch: { input: 0 } }] },
    ],
  });
  const million = { inputTokens: 1e6, outputTokens: 0 };
  assert.equal(calculateCost({ ...million, model: 'input only', cachedInputTokens: 1e6 }), 2);
  assert.equal(calculateCost({ ...million, model: 'input only', cacheWriteTokens: 1e6 }), 2);
  assert.equal(calculateCost({ ...million, model: 'input only', cacheWrite1hTokens: 1e6 }), 2);
  assert.equal(calculateCost({ ...million, model: 'cached', cacheWrite1hTokens: 1e6 }), 5);
  assert.equal(calculateCost({ ...million, model: 'cached', cacheWrite1hTokens: 1e6, batch: true }), 2.5);
  assert.equal(calculateCost({ ...million, model: 'hourly', cacheWrite1hTokens: 1e6, batch: true }), 3);
  assert.equal(calculateCost({ ...million, model: 'cached', outputTokens: 1e6, batch: true }), 1 + row.output);
  assert.equal(calculateCost({ ...million, model: 'free input', cachedInputTokens: 1e6, batch: true }), 3);
});

test('a model costs before its first price what that price says, and each price holds until the next', (t) => {
  const { calculateCost } = withFile(t, {
    models: [
      {
        model: 'mine',
        prices: [
          { ...row, from: '2025-01-01', input: 1 },
          { ...row, from: '2026-01-01', input: 2 },
        ],
      },
    ],
  });
  const costAt = (day: string) => calculateCost({ model: 'mine', inputTokens: 1e6, atMs: Date.parse(day) });
  const days = ['2024-12-31', '2025-01-01', '2025-12-31', '2026-01-01'];
  assert.deepEqual(days.map(costAt), [1, 1, 1, 2]);
});

test('a call is priced by the price of the day on which it ends', async (t) => {
  const path = join(temporaryFolder(t), 'prices.json');
  const prices = [
    { ...row, from: '2025-01-01', input: 1 },
    { ...row, from: '2026-01-02', input: 2 },
  ];
  writeFileSync(path, JSON.stringify({ models: [{ model: 'mine', prices }] }));
  let hour = 0;
  const { monitoredQuery, series } = testMonitoring({
    config: { MODEL_PRICES_FILE: path },
    wallClock: () => Date.UTC(2026, 0, 1, hour),
  });
  const ask = monitoredQuery({ operation: 'ask', model: 'mine' })((hours: number) => {
    hour += hours;
    return { input_tokens: 1e6, output_tokens: 0 };
  });
  ask(23);
  assert.equal(await series('rag_total_cost_usd{model="mine"}'), 1);
  ask(1);
  assert.equal(await series('rag_total_cost_usd{model="mine"}'), 3);
});

test('a price file holds for the dated names of its models too', (t) => {
  const { calculateCost } = withFile(t, { models: [{ model: 'gpt-4o', prices: [row] }] });
  assert.equal(calculateCost({ model: 'gpt-4o-2024-11-20', inputTokens: 1e6 }), 1);
});

test('a price file that is missing or wrong is refused with one line that says where', (t) => {
  const missing = () => createMonitoring({ config: { MODEL_PRICES_FILE: '/no/such/file.json' } });
  assert.throws(
    missing,
    (error: Error) => error instanceof ConfigError && /`MODEL_PRICES_FILE`: cannot read \/no\/such/.test(error.message),
  );
  assert.throws(() => withFile(t, 'not json'), /`MODEL_PRICES_FILE`: cannot read/);
  assert.throws(() => withFile(t, {}), /expected .* to have a list `models`/);
  assert.throws(() => withFile(t, { models: [{ model: 'x' }] }), /x has no list `prices`/);
  assert.throws(() => withFile(t, { models: [null] }), /expected a model with a name and a list of aliases, got null/);
  assert.throws(
    () => withFile(t, { models: [{ model: 'x', prices: [{ ...row, ouput: 3 }] }] }),
    /x: expected the keys to be among .*, got "ouput"/,
  );
  assert.throws(
    () => withFile(t, { models: [{ model: 'x', prices: [{ ...row, longContext: { input: 2 } }] }] }),
    /`longContext.aboveTokens` to be a number/,
  );
  assert.throws(
    () => withFile(t, { models: [{ model: 'x', prices: [{ ...row, from: '2026-99-99' }] }] }),
    /`from` to be a day/,
  );
  assert.throws(
    () => withFile(t, { models: [{ model: 'x', prices: [{ ...row, input: -1 }] }] }),
    /x: expected `input` to be USD per million tokens, got -1/,
  );
  for (const variant of ['batch', 'longContext']) {
    const wrong = { ...row, [variant]: { aboveTokens: 1, input: 1, output: '2' } };
    assert.throws(
      () => withFile(t, { models: [{ model: 'x', prices: [wrong] }] }),
      /x: expected `output` to be USD per million tokens, got "2"/,
    );
  }
  assert.throws(
    () => withFile(t, { models: [{ model: 'x', prices: [{ ...row, from: 'May' }] }] }),
    /x: expected `from` to be a day/,
  );
});

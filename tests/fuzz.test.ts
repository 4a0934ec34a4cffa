import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { STATUSES } from '../src/m2_3_monitoring/index.js';
import { requests, testMonitoring } from './helpers/monitoring.js';

// The same cases on every run; another seed looks further: FUZZ_SEED=7 npm test.
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 1) });

const unhandled: unknown[] = [];
const remember = (error: unknown) => unhandled.push(error);
before(() => process.on('unhandledRejection', remember));
after(() => {
  process.off('unhandledRejection', remember);
  assert.deepEqual(unhandled, []);
});

type Monitoring = ReturnType<typeof testMonitoring>;

const LINE =
  /^[a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (?:[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)|\+Inf)$/;

/** Every line is a sample that Prometheus can read, no two have one name, and none is NaN or negative. */
async function assertParses({ exposition }: Monitoring): Promise<void> {
  const lines = (await exposition()).split('\n').filter(Boolean);
  const names = new Set<string>();
  for (const line of lines) {
    assert.match(line, LINE);
    const name = line.slice(0, line.lastIndexOf(' '));
    assert.ok(!names.has(name), `twice: ${name}`);
    names.add(name);
    assert.ok(Number(line.slice(name.length)) >= 0 || line.endsWith('+Inf'), line);
  }
}

async function totals({ series }: Monitoring): Promise<Record<string, number>> {
  const entries = STATUSES.map(async (status) => [status, (await series(requests('ask', status))) ?? 0] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Objects that throw, refuse or never end when they are read. */
const hostile: Record<string, () => unknown> = {
  'a getter that throws': () =>
    Object.defineProperty({}, 'usage', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    }),
  'a proxy that refuses everything': () => {
    const refuse = () => {
      throw new Error('no');
    };
    return new Proxy(
      {},
      {
        get: refuse,
        has: refuse,
        ownKeys: refuse,
        getPrototypeOf: refuse,
        getOwnPropertyDescriptor: refuse,
        defineProperty: refuse,
      },
    );
  },
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  'a cycle': () => {
    const cycle: Record<string, unknown> = { input_tokens: 3 };
    cycle.usage = cycle;
    return cycle;
  },
  'a huge text': () => 'x'.repeat(10_000_000),
  'a huge model name': () => ({ model: 'y'.repeat(1_000_000), input_tokens: 1, output_tokens: 1 }),
  'a frozen thenable': () => Object.freeze({ then: (onValue: (value: number) => void) => onValue(7) }),
  'a then that is a getter which throws': () =>
    Object.defineProperty({}, 'then', {
      get: () => {
        throw new Error('no');
      },
    }),
  'an iterator whose next gives nonsense': () => ({ next: () => 7, return: () => undefined, throw: () => undefined }),
  'an object without a prototype': () => Object.create(null),
  'a function': () => Object.assign(() => 1, { usage: { input_tokens: 1 } }),
};

for (const [name, make] of Object.entries(hostile)) {
  test(`a call that returns ${name} gives that same value to its caller, and is counted once`, async () => {
    const monitoring = testMonitoring();
    const value = make();
    const returned = monitoring.monitoredQuery({ operation: 'ask', model: 'gpt-4' })(() => value)();
    if (name === 'a frozen thenable') assert.equal(await returned, 7);
    else assert.ok(returned === value, 'the same value');
    if (name !== 'an iterator whose next gives nonsense') assert.equal((await totals(monitoring)).success, 1);
    assert.equal(await monitoring.series('rag_active_requests'), 0);
    await assertParses(monitoring);
  });

  test(`a call that throws ${name} throws that same value, and is counted once`, async () => {
    const monitoring = testMonitoring();
    const value = make();
    let thrown: unknown;
    try {
      monitoring.monitoredQuery({ operation: 'ask' })(() => {
        throw value;
      })();
    } catch (error) {
      thrown = error;
    }
    assert.ok(thrown === value, 'the same value');
    assert.equal((await totals(monitoring)).error, 1);
    await assertParses(monitoring);
  });
}

const keys = fc.constantFrom(
  'usage',
  'model',
  'input_tokens',
  'outputTokens',
  'relevance_score',
  'cached',
  'cost_usd',
  'prompt_tokens',
  'completion_tokens',
  'prompt_tokens_details',
  'cached_tokens',
  'cache_read_input_tokens',
  'promptTokenCount',
  'choices',
  'type',
  'part',
  'message',
  'response',
);
const anything = fc.anything({
  key: fc.oneof(keys, fc.string()),
  maxDepth: 4,
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withTypedArray: true,
});

test('whatever a call returns, its caller gets it, and the exposition can be read', async () => {
  const monitoring = testMonitoring();
  let calls = 0;
  await fc.assert(
    fc.asyncProperty(anything, fc.boolean(), async (value, promised) => {
      const ask = monitoring.monitoredQuery({ operation: 'ask' })(() => (promised ? Promise.resolve(value) : value));
      assert.ok(Object.is(await ask(), value));
      calls += 1;
    }),
    { numRuns: 3000 },
  );
  assert.equal((await totals(monitoring)).success, calls);
  assert.equal(await monitoring.series('rag_active_requests'), 0);
  await assertParses(monitoring);
});

test('whatever the chunks of a stream are, its consumer gets them, and it is one call', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { maxLength: 8 }), async (chunks) => {
      const monitoring = testMonitoring();
      const stream = monitoring.monitoredQuery({ operation: 'ask' })(async function* () {
        yield* chunks;
      })();
      const seen: unknown[] = [];
      for await (const chunk of stream) seen.push(chunk);
      assert.equal(seen.length, chunks.length);
      assert.equal((await totals(monitoring)).success, 1);
      await assertParses(monitoring);
    }),
    { numRuns: 300 },
  );
});

test('whatever a label value is, the exposition can be read', async () => {
  const monitoring = testMonitoring({ maxLabelValues: 50 });
  const labels = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', '"', '\\', '\n', 'a="b",c="d"', '\ud800', 'a,endpoint:x'),
  );
  await fc.assert(
    fc.asyncProperty(labels, labels, async (endpoint, errorType) => {
      monitoring.metrics.errorsTotal.inc({ endpoint, error_type: errorType });
      monitoring.metrics.queryLatency.observe({ operation: endpoint }, 1);
    }),
    { numRuns: 2000 },
  );
  await assertParses(monitoring);
});

test('fifty thousand calls that start, settle, fail and stop in any order are each counted once', async () => {
  const monitoring = testMonitoring();
  const expected: Record<string, number> = { success: 0, error: 0, aborted: 0, rate_limited: 0, timeout: 0 };
  const watch = monitoring.monitoredQuery({ operation: 'ask', model: 'gpt-4' });
  const endings = ['success', 'error', 'aborted', 'rate_limited', 'timeout', 'stream', 'stopped stream'] as const;
  const errors = {
    error: () => new Error('x'),
    aborted: () => new DOMException('x', 'AbortError'),
    rate_limited: () => Object.assign(new Error('x'), { status: 429 }),
    timeout: () => new DOMException('x', 'TimeoutError'),
  };
  let random = 12345;
  const next = (below: number) => {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    return random % below;
  };
  const open: (() => Promise<void>)[] = [];

  function begin(): void {
    const ending = endings[next(endings.length)] ?? 'success';
    const counted = ending === 'stream' ? 'success' : ending === 'stopped stream' ? 'aborted' : ending;
    expected[counted] = (expected[counted] ?? 0) + 1;
    if (ending === 'stream' || ending === 'stopped stream') {
      const stream = watch(function* () {
        yield 'a';
        yield { input_tokens: 1, output_tokens: 1 };
      })();
      stream.next();
      open.push(async () => {
        if (ending === 'stream') while (!stream.next().done);
        else stream.return(undefined as never);
      });
      return;
    }
    let settle: () => void = () => undefined;
    const promise = watch(
      () =>
        new Promise((resolve, reject) => {
          settle = () =>
            ending === 'success' ? resolve({ input_tokens: 1, output_tokens: 1 }) : reject(errors[ending]());
        }),
    )();
    const seen = promise.catch(() => undefined);
    open.push(async () => {
      settle();
      await seen;
    });
  }

  for (let started = 0; started < 50_000; ) {
    if (open.length < 50 && next(3) > 0) {
      begin();
      started += 1;
    } else if (open.length > 0) {
      const [end] = open.splice(next(open.length), 1);
      await end?.();
    }
  }
  const inProgress = await monitoring.series('rag_active_requests');
  assert.equal(inProgress, open.length);
  for (const end of open) await end();
  assert.deepEqual(await totals(monitoring), expected);
  assert.equal(await monitoring.series('rag_active_requests'), 0);
  assert.equal(await monitoring.series('rag_query_latency_seconds_count{operation="ask"}'), 50_000);
  await assertParses(monitoring);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain } from './helpers/drain.js';
import { requests, testMonitoring } from './helpers/monitoring.js';

const TURN = () => new Promise((resolve) => setImmediate(resolve));

interface Hostile {
  make: () => unknown;
  consume: (result: never) => unknown;
  status: 'success' | 'error';
}

const iterable = (next: () => unknown) => () => ({ [Symbol.asyncIterator]: () => ({ next }) });

const fails = (message: string) => {
  throw new Error(message);
};

const HOSTILE: Record<string, Hostile> = {
  'a then that throws': {
    make: () => ({ then: () => fails('then') }),
    consume: async (result) => await result,
    status: 'error',
  },
  'a native promise with a then of its own that is awaited': {
    make: () => {
      const promise = Promise.resolve({ answer: 1 });
      return Object.assign(promise, { then: Promise.prototype.then.bind(promise) });
    },
    consume: async (result) => await result,
    status: 'success',
  },
  'a native promise with a then of its own that is asked by then': {
    make: () => {
      const promise = Promise.reject(new Error('down'));
      return Object.assign(promise, { then: Promise.prototype.then.bind(promise) });
    },
    consume: (result: Promise<unknown>) => result.then((value) => value),
    status: 'error',
  },
  'a step that is no object': {
    make: iterable(async () => 5),
    consume: drain,
    status: 'error',
  },
  'a step whose done throws': {
    make: iterable(async () => Object.defineProperty({}, 'done', { get: () => fails('done') })),
    consume: drain,
    status: 'error',
  },
  'a step whose then returns nothing': {
    make: iterable(() => ({
      then(resolve: (step: object) => void) {
        resolve({ done: true });
      },
    })),
    consume: drain,
    status: 'success',
  },
  'an iterable that throws when its iterator is asked for': {
    make: () => ({ [Symbol.asyncIterator]: () => fails('no iterator') }),
    consume: drain,
    status: 'error',
  },
};

const outcome = async (work: () => unknown) => {
  try {
    return ['value', await work()];
  } catch (error) {
    return ['error', (error as Error).constructor, (error as Error).message];
  }
};

for (const [name, { make, consume, status }] of Object.entries(HOSTILE)) {
  test(`${name} gives the caller what it gives without monitoring, and is recorded once as ${status}`, async () => {
    const { monitoredQuery, series } = testMonitoring();
    const ask = monitoredQuery({ operation: 'ask' })(make);
    const expected = await outcome(() => consume(make() as never));
    assert.deepEqual(await outcome(() => consume(ask() as never)), expected);
    await TURN();
    assert.equal(await series(requests('ask', status)), 1);
    assert.equal(await series('rag_query_latency_seconds_count{operation="ask"}'), 1);
    assert.equal(await series('rag_active_requests'), 0);
  });
}

test('a frozen lazy query is not started by being watched, and is counted as one that could not be', async () => {
  const { monitoredQuery, series } = testMonitoring();
  let started = 0;
  const query = Object.freeze({ then: (resolve: (value: string) => void) => resolve(`row ${++started}`) });
  const given = monitoredQuery({ operation: 'ask' })(() => query)();
  assert.equal(started, 0);
  assert.equal(await given, 'row 1');
  assert.equal(await series('rag_dropped_values_total{field="query",reason="unwatchable"}'), 1);
  assert.equal(await series(requests('ask', 'success')), 1);
});

test('a frozen stream is counted as one that could not be watched', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const stream = Object.freeze({ [Symbol.asyncIterator]: async function* () {} });
  assert.equal(monitoredQuery({ operation: 'ask' })(() => stream)(), stream);
  assert.equal(await series('rag_dropped_values_total{field="query",reason="unwatchable"}'), 1);
  assert.equal(await series(requests('ask', 'success')), 1);
});

/** As the page promises of openai 7: a `then` of its own, which does not come by `parse`. */
class PagePromise<Page> extends Promise<Page> {
  constructor(private readonly load: () => Promise<Page>) {
    super((resolve) => resolve(undefined as never));
  }

  parse(): Promise<Page> {
    return this.load();
  }

  asResponse(): Promise<Response> {
    return Promise.resolve(new Response());
  }

  override then<A = Page, B = never>(
    onValue?: ((page: Page) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.load().then(onValue, onError);
  }
}

for (const way of ['then', 'parse'] as const) {
  test(`a client's promise with both then and parse is recorded once when it is consumed by ${way}`, async () => {
    const { monitoredQuery, series } = testMonitoring();
    const ask = monitoredQuery({ operation: 'ask' })(() => new PagePromise(async () => ({ data: ['row'] })));
    const page = way === 'then' ? await ask() : await ask().parse();
    assert.deepEqual(page, { data: ['row'] });
    assert.equal(await series(requests('ask', 'success')), 1);
  });
}

/** As Anthropic's runner of tools: it can be awaited for the last message, and iterated for each of them. */
const createRunner = () => {
  const message = { type: 'message', model: 'claude-sonnet-4-5', stop_reason: 'end_turn' };
  const usage = { input_tokens: 1000, cache_read_input_tokens: 0, output_tokens: 10 };
  const runner = {
    async *[Symbol.asyncIterator]() {
      yield { ...message, usage };
      yield { ...message, usage };
    },
    async then(resolve: (last: unknown) => void) {
      let last: unknown;
      for await (const one of runner) last = one;
      resolve(last);
    },
  };
  return runner;
};

test('an object that is both thenable and iterable is recorded once, with the usage of all its messages, either way', async () => {
  for (const consume of [drain, async (runner: unknown) => await runner]) {
    const { monitoredQuery, series } = testMonitoring();
    await consume(monitoredQuery({ operation: 'ask' })(createRunner)() as never);
    assert.equal(await series(requests('ask', 'success')), 1);
    assert.equal(await series('rag_input_tokens_sum{model="claude-sonnet-4-5"}'), 2000);
  }
});

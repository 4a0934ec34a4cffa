import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { drain } from './helpers/drain.js';
import { requests, testMonitoring } from './helpers/monitoring.js';
import { inRepository } from './helpers/repository.js';

const END = { input_tokens: 1000, output_tokens: 500, relevance_score: 0.8 };
const TEXTS = ['Hel', 'lo'];

type Monitoring = ReturnType<typeof testMonitoring>;

/** Every kind of stream that a function may return: it gives two texts, each after a second, then the usage. */
const kinds: Record<string, (tick: () => void, fail: boolean) => unknown> = {
  'an async generator': async function* (tick, fail) {
    for (const text of TEXTS) {
      tick();
      yield text;
    }
    if (fail) throw new RangeError('mid-stream');
    yield END;
  },
  'a generator': function* (tick, fail) {
    for (const text of TEXTS) {
      tick();
      yield text;
    }
    if (fail) throw new RangeError('mid-stream');
    yield END;
  },
  'a web stream': (tick, fail) => {
    const items: unknown[] = [...TEXTS, END];
    return new ReadableStream(
      {
        pull(controller) {
          if (fail && items.length === 1) return controller.error(new RangeError('mid-stream'));
          if (items.length > 1) tick();
          controller.enqueue(items.shift());
          if (items.length === 0) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
  },
  'an object with Symbol.asyncIterator': (tick, fail) => ({
    name: 'kept',
    async *[Symbol.asyncIterator]() {
      for (const text of TEXTS) {
        tick();
        yield text;
      }
      if (fail) throw new RangeError('mid-stream');
      yield END;
    },
  }),
};

function watched(kind: string, { promised = false, fail = false } = {}) {
  const monitoring = testMonitoring();
  const make = kinds[kind] as (typeof kinds)[string];
  let made: unknown;
  const ask = monitoring.monitoredQuery({ operation: 'ask', model: 'gpt-4' })(() => {
    made = make(() => monitoring.advance(1000), fail);
    return promised ? Promise.resolve(made) : made;
  });
  return { ...monitoring, ask, original: () => made };
}

async function assertOnce({ series }: Pick<Monitoring, 'series'>, status: string): Promise<void> {
  for (const one of ['success', 'error', 'aborted', 'timeout']) {
    assert.equal(await series(requests('ask', one)), one === status ? 1 : 0, one);
  }
  assert.equal(await series('rag_query_latency_seconds_count{operation="ask"}'), 1);
  assert.equal(await series('rag_active_requests'), 0);
}

for (const kind of Object.keys(kinds)) {
  for (const promised of [false, true]) {
    const stream = `${kind}${promised ? ' in a promise' : ''}`;
    test(`${stream} is recorded once, at its end, with its usage and times`, async () => {
      const { ask, series } = watched(kind, { promised });
      assert.deepEqual(await drain(await ask()), [...TEXTS, END]);
      await assertOnce({ series }, 'success');
      assert.equal(await series('rag_time_to_first_token_seconds_sum{operation="ask"}'), 1);
      assert.equal(await series('rag_input_tokens_sum{model="gpt-4"}'), 1000);
      assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0.06);
      assert.equal(await series('rag_relevance_score_sum'), 0.8);
      assert.equal(await series('rag_query_latency_seconds_sum{operation="ask"}'), 2);
      // The second of the two, for the 499 tokens after the first.
      assert.equal(await series('rag_time_per_output_token_seconds_sum{operation="ask"}'), 1 / 499);
    });

    test(`${stream} whose consumer stops early is an abort`, async () => {
      const { ask, series, exposition } = watched(kind, { promised });
      for await (const _ of (await ask()) as AsyncIterable<unknown>) break;
      await assertOnce({ series }, 'aborted');
      assert.doesNotMatch(await exposition(), /rag_errors_total\{.*\} [1-9]|reason="missing"/);
    });

    test(`${stream} that fails midway is an error, which the consumer gets unchanged`, async () => {
      const { ask, series } = watched(kind, { promised, fail: true });
      await assert.rejects(async () => drain(await ask()), RangeError);
      await assertOnce({ series }, 'error');
      assert.equal(await series('rag_errors_total{error_type="RangeError",endpoint="ask"}'), 1);
      assert.equal(await series('rag_time_to_first_token_seconds_count{operation="ask"}'), 1);
    });

    test(`${stream} keeps its type and properties, and does nothing before it is consumed`, async () => {
      const { ask, original, series } = watched(kind, { promised });
      const returned = (await ask()) as object;
      assert.equal(Object.getPrototypeOf(returned), Object.getPrototypeOf(original()));
      if (kind !== 'a web stream') assert.equal(returned, original());
      assert.equal(await series('rag_query_latency_seconds_count{operation="ask"}'), 0);
      assert.equal(await series('rag_time_to_first_token_seconds_count{operation="ask"}'), undefined);
    });
  }
}

test('a generator that is not consumed is not in progress; its time begins with the first value that is asked for', async () => {
  const { ask, series, advance } = watched('an async generator');
  const stream = ask() as AsyncGenerator;
  assert.equal(await series('rag_active_requests'), 0);
  advance(60_000);
  await stream.next();
  assert.equal(await series('rag_active_requests'), 1);
  await drain(stream);
  assert.equal(await series('rag_query_latency_seconds_sum{operation="ask"}'), 2);
});

test('a generator may return its usage', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const ask = monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async function* () {
    yield 'text';
    return END;
  });
  await drain(ask());
  assert.equal(await series('rag_output_tokens_sum{model="gpt-4"}'), 500);
});

test('a generator receives what is sent and thrown into it', async () => {
  const { monitoredQuery } = testMonitoring();
  const generator = monitoredQuery()(function* (): Generator<string, string, number> {
    try {
      const sent = yield 'first';
      yield `got ${sent}`;
    } catch (error) {
      return `caught ${error}`;
    }
    return 'end';
  })();
  generator.next();
  assert.equal(generator.next(7).value, 'got 7');
  assert.deepEqual(generator.throw('up'), { value: 'caught up', done: true });
});

const open = (monitoring: Monitoring, body: () => AsyncGenerator) =>
  monitoring
    .monitoredQuery({ operation: 'ask' })(() => ({ [Symbol.asyncIterator]: body }))()
    [Symbol.asyncIterator]();

test('the async generator that an iterable makes stays an async generator, and receives what is sent and thrown into it', async () => {
  const monitoring = testMonitoring();
  const generator = open(monitoring, async function* () {
    try {
      yield `got ${yield 'first'}`;
    } catch (error) {
      return `caught ${error}`;
    }
  });
  assert.equal(String(generator), '[object AsyncGenerator]');
  assert.equal(generator[Symbol.asyncIterator](), generator);
  await generator.next();
  assert.deepEqual(await generator.next(7), { value: 'got 7', done: false });
  assert.deepEqual(await generator.throw('up'), { value: 'caught up', done: true });
  assert.equal(await monitoring.series(requests('ask', 'success')), 1);
});

test('the async generator that an iterable makes keeps its properties and those of its class, and is recorded once for each call that gave it', async () => {
  const monitoring = testMonitoring();
  const { monitoredQuery } = monitoring;
  async function* generate() {
    yield 'text';
  }
  async function* extended() {
    yield 'text';
  }
  extended.prototype.extra = 'of its class';
  const makers = [generate, extended, () => Object.assign(generate(), { extra: 'of its own' })];
  for (const make of makers) {
    const inner = monitoredQuery({ operation: 'inner' })(() => ({ [Symbol.asyncIterator]: make }));
    const outer = monitoredQuery({ operation: 'outer' })(() => inner());
    const generator = outer()[Symbol.asyncIterator]();
    assert.equal(Reflect.get(generator, 'extra'), Reflect.get(make(), 'extra'));
    for await (const text of generator) assert.equal(text, 'text');
  }
  assert.equal(await monitoring.series(requests('inner', 'success')), makers.length);
  assert.equal(await monitoring.series(requests('outer', 'success')), makers.length);
});

test('the async generator that an iterable makes runs its `finally` when its consumer stops, which is an abort', async () => {
  const monitoring = testMonitoring();
  let isTidy = false;
  const generator = open(monitoring, async function* () {
    try {
      yield 'first';
    } finally {
      isTidy = true;
    }
  });
  await generator.next();
  assert.deepEqual(await generator.return('enough'), { value: 'enough', done: true });
  assert.equal(isTidy, true);
  assert.equal(await monitoring.series(requests('ask', 'aborted')), 1);
});

test('a web stream of bytes can be read into a buffer of the reader', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const bytes = () =>
    new ReadableStream({
      type: 'bytes',
      start(controller) {
        controller.enqueue(new Uint8Array([1, 2, 3]));
        controller.close();
      },
    });
  const stream = monitoredQuery({ operation: 'ask' })(bytes)();
  const reader = stream.getReader({ mode: 'byob' });
  assert.deepEqual([...((await reader.read(new Uint8Array(8))).value ?? [])], [1, 2, 3]);
  assert.equal((await reader.read(new Uint8Array(8))).done, true);
  await assertOnce({ series }, 'success');
});

test('a web stream can be split and piped, and is one call', async () => {
  const { ask, series } = watched('a web stream');
  const [left, right] = (ask() as ReadableStream).tee();
  assert.deepEqual(await drain(left.pipeThrough(new TransformStream())), await drain(right));
  await assertOnce({ series }, 'success');
});

test('a Node stream is recorded when it ends, fails or is destroyed', async () => {
  const endings: [status: string, stream: () => Readable][] = [
    ['success', () => Readable.from(['a', 'b'])],
    [
      'error',
      () =>
        new Readable({
          read() {
            this.destroy(new RangeError('broken'));
          },
        }),
    ],
    [
      'aborted',
      () => {
        const endless = new Readable({ read() {} });
        setImmediate(() => endless.destroy());
        return endless;
      },
    ],
  ];
  for (const [status, make] of endings) {
    const { monitoredQuery, series } = testMonitoring();
    const stream = monitoredQuery({ operation: 'ask' })(make)();
    assert.ok(stream instanceof Readable);
    await drain(stream).catch(() => undefined);
    await new Promise(setImmediate);
    await assertOnce({ series }, status);
  }
});

test('a Node stream of objects has its first token and its usage', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const stream = monitoredQuery({ operation: 'ask', model: 'gpt-4' })(() => Readable.from(['Hel', 'lo', END]))();
  assert.deepEqual(await drain(stream), ['Hel', 'lo', END]);
  await new Promise(setImmediate);
  await assertOnce({ series }, 'success');
  assert.equal(await series('rag_time_to_first_token_seconds_count{operation="ask"}'), 1);
  assert.equal(await series('rag_output_tokens_sum{model="gpt-4"}'), 500);
});

test('an error of a Node stream without a handler is an uncaught exception, as it is without monitoring', async () => {
  const script = `
    const { Readable } = require('node:stream');
    const { monitoredQuery } = require(${JSON.stringify(inRepository('dist/src/m2_3_monitoring/index.js'))});
    process.on('uncaughtException', (error) => console.log('noticed', error.message));
    monitoredQuery()(() => new Readable({ read() { this.destroy(new Error('broken')); } }))().resume();`;
  assert.equal(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }), 'noticed broken\n');
});

test('an iterator that a call inside has watched already is watched by the call outside too', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const make = () => {
    let left = 2;
    return {
      next: () => (left-- > 0 ? { done: false, value: 'word' } : { done: true, value: END }),
      return: () => ({ done: true, value: undefined }),
      throw: () => ({ done: true, value: undefined }),
      [Symbol.iterator]() {
        return this;
      },
    };
  };
  const inner = monitoredQuery({ operation: 'inner', model: 'gpt-4' })(make);
  const iterator = monitoredQuery({ operation: 'outer', model: 'gpt-4' })(() => inner())();
  assert.ok(Object.keys(iterator).includes('next'));
  assert.equal(await series(requests('outer', 'success')), 0);
  assert.deepEqual([...(iterator as Iterable<unknown>)], ['word', 'word']);
  assert.equal(await series(requests('outer', 'success')), 1);
  assert.equal(await series('rag_output_tokens_sum{model="gpt-4"}'), 2 * END.output_tokens);
});

test('what a later chunk says of the result is recorded', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const chunk = { object: 'chat.completion.chunk', model: 'gpt-4', choices: [{ delta: { content: 'word' } }] };
  const stream = monitoredQuery({ operation: 'ask' })(async function* () {
    yield chunk;
    yield chunk;
    yield { ...chunk, relevance_score: 0.9 };
  });
  await drain(stream());
  assert.equal(await series('rag_relevance_score_sum'), 0.9);
});

test('1,000 chunks are one call', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const ask = monitoredQuery({ operation: 'ask' })(async function* () {
    for (let i = 0; i < 1000; i++) yield 'x';
  });
  assert.equal((await drain(ask())).length, 1000);
  await assertOnce({ series }, 'success');
});

import assert from 'node:assert/strict';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { test } from 'node:test';
import { drain } from './helpers/drain.js';
import { requests, testMonitoring } from './helpers/monitoring.js';

const USAGE = { input_tokens: 1000, output_tokens: 500 };

async function* words() {
  yield 'one';
  yield 'two';
  yield USAGE;
}

/** Streams of Node close a moment after they are destroyed. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const encoder = new TextEncoder();
const bodyOf = () =>
  new ReadableStream({
    pull(controller) {
      controller.enqueue(encoder.encode('word '));
    },
  });

const RESULTS: Record<string, () => unknown> = {
  'an object with a generator': () => ({ sources: ['a.md'], stream: words() }),
  'an object with a web stream': () => ({ sources: ['a.md'], stream: ReadableStream.from(words()) }),
  'an object with a stream of Node': () => ({ sources: ['a.md'], stream: Readable.from(words()) }),
  'a pair of a stream and headers': () => Object.assign([words(), {}], { stream: undefined }),
  'an object of a class': () => Object.assign(new (class Answer {})(), { stream: words() }),
};

const streamOf = (result: unknown) => {
  const { stream, 0: first } = result as Record<string, AsyncIterable<unknown>>;
  return (stream ?? first) as AsyncIterable<unknown>;
};

for (const [name, make] of Object.entries(RESULTS)) {
  test(`a call that returns ${name} ends with the stream, and has its usage`, async () => {
    const { monitoredQuery, series } = testMonitoring();
    const ask = monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async () => make());
    const result = await ask();
    assert.equal(await series(requests('ask', 'success')), 0);
    assert.deepEqual(await drain(streamOf(result)), ['one', 'two', USAGE]);
    assert.equal(await series(requests('ask', 'success')), 1);
    assert.equal(await series('rag_time_to_first_token_seconds_count{operation="ask"}'), 1);
    assert.equal(await series('rag_total_cost_usd{model="gpt-4"}'), 0.06);
  });

  test(`a call that returns ${name} is aborted where its consumer stops early`, async () => {
    const { monitoredQuery, series } = testMonitoring();
    const ask = monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async () => make());
    for await (const _ of streamOf(await ask())) break;
    await turn();
    assert.equal(await series(requests('ask', 'aborted')), 1);
    assert.equal(await series(requests('ask', 'success')), 0);
  });
}

test('a result that reports its usage has ended, whatever streams it holds', async () => {
  const { monitoredQuery, series } = testMonitoring();
  await monitoredQuery({ operation: 'ask', model: 'gpt-4' })(async () => ({ ...USAGE, log: words() }))();
  assert.equal(await series(requests('ask', 'success')), 1);
});

test('a getter of a result is not asked for the stream that it may start', async () => {
  const { monitoredQuery } = testMonitoring();
  let started = false;
  const result = {
    get stream() {
      started = true;
      return words();
    },
  };
  await monitoredQuery({ operation: 'ask' })(async () => result)();
  assert.equal(started, false);
});

test('a web stream in a frozen result cannot be watched, and is counted', async () => {
  const { monitoredQuery, series } = testMonitoring();
  await monitoredQuery({ operation: 'ask' })(async () => Object.freeze({ stream: bodyOf() }))();
  assert.equal(await series('rag_dropped_values_total{field="query",reason="unwatchable"}'), 1);
  assert.equal(await series(requests('ask', 'success')), 1);
});

test('the response of a route handler ends with its body, and keeps its class, status, headers and properties', async () => {
  class RouteResponse extends Response {}
  const { monitoredQuery, series } = testMonitoring();
  const handle = monitoredQuery({ operation: 'route' })(async () =>
    Object.assign(new RouteResponse('an answer', { status: 201, headers: { 'x-answer': 'yes' } }), { cookies: ['a'] }),
  );
  const response = await handle();
  assert.ok(response instanceof RouteResponse);
  assert.deepEqual([response.status, response.headers.get('x-answer'), response.cookies], [201, 'yes', ['a']]);
  assert.equal(await series(requests('route', 'success')), 0);
  assert.equal(await response.clone().text(), 'an answer');
  assert.equal(await response.text(), 'an answer');
  assert.equal(await series(requests('route', 'success')), 1);
});

test('a client that cancels the body of a response has aborted the call', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const response = await monitoredQuery({ operation: 'route' })(async () => new Response(bodyOf()))();
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  assert.equal(await series(requests('route', 'aborted')), 1);
});

test('a response without a body, and one whose body was read, end as they are returned', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const read = new Response('text');
  await read.text();
  for (const response of [new Response(null, { status: 204 }), read, Response.error()]) {
    assert.equal(await monitoredQuery({ operation: 'route' })(async () => response)(), response);
  }
  assert.equal(await series(requests('route', 'success')), 3);
});

/** Asks a server that answers in some way, hangs up at the first byte, and waits until the server has noticed. */
async function hangUp(answer: (response: ServerResponse) => void): Promise<void> {
  const server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const closed = new Promise((resolve) => server.once('request', (request) => request.once('close', resolve)));
  get({ port, host: '127.0.0.1' }, (response) => response.once('data', () => response.destroy()));
  await closed;
  await new Promise((resolve) => server.close(resolve));
}

for (const between of [[], [new PassThrough()]]) {
  test(`a client that hangs up on a pipeline of ${between.length + 2} streams has aborted the call`, async () => {
    const { monitoredQuery, series } = testMonitoring();
    const ask = monitoredQuery({ operation: 'ask' })(() =>
      Readable.from(
        (async function* () {
          for (;;) {
            yield 'word';
            await new Promise((resolve) => setImmediate(resolve));
          }
        })(),
      ),
    );
    await new Promise<void>((resolve) => {
      void hangUp((response) => pipeline([ask(), ...between, response], () => resolve()));
    });
    await turn();
    assert.equal(await series(requests('ask', 'aborted')), 1);
    assert.equal(await series(requests('ask', 'error')), 0);
  });
}

test('a source that fails in a pipeline is an error, although its destination is destroyed with it', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const ask = monitoredQuery({ operation: 'ask' })(() =>
    Readable.from(
      (async function* () {
        yield 'word';
        throw Object.assign(new Error('premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
      })(),
    ),
  );
  await new Promise<void>((resolve) => {
    pipeline(ask(), new PassThrough().resume(), () => resolve());
  });
  assert.equal(await series(requests('ask', 'error')), 1);
  assert.equal(await series(requests('ask', 'aborted')), 0);
});

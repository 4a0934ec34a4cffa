import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort, isFree } from '../src/loopback/ports.js';
import { isCrossSite, isForLoopback, readBody } from '../src/loopback/request.js';
import { startLoopbackServer } from '../src/loopback/start-server.js';
import { askRaw, serve } from './helpers/serve.js';

const ask = async (url: string, headers: Record<string, string>) => String((await askRaw(url, { headers })).body);

test('a server listens on the first port that is free, and fails where none is', async (t) => {
  const held = await serve(t, () => undefined);
  const port = await freePort();
  const next = await startLoopbackServer(() => undefined, { ports: [held.port, port] });
  t.after(() => next.close());
  assert.deepEqual([next.url, next.port], [`http://127.0.0.1:${port}`, port]);
  await assert.rejects(
    startLoopbackServer(() => undefined, { ports: [held.port, port] }),
    {
      code: 'EADDRINUSE',
      port,
    },
  );
  assert.deepEqual([await isFree(port), await isFree(await freePort())], [false, true]);
});

test('a server that is closed cuts off a client in the middle of a request, and frees its port', async () => {
  let arrived = () => {};
  const request = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = await startLoopbackServer(() => arrived());
  const hanging = ask(server.url, {}).catch(({ code }) => code);
  await request;
  await server.close();
  assert.equal(await hanging, 'ECONNRESET');
  assert.equal(await isFree(server.port), true);
});

test('a request is for the loopback address only under one of its names', async (t) => {
  const { url } = await serve(t, (incoming, response) => response.end(String(isForLoopback(incoming))));
  for (const host of ['127.0.0.1', '127.0.0.1:80', 'localhost', 'LOCALHOST:9', '[::1]:1'])
    assert.equal(await ask(url, { host }), 'true', host);
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost:1@evil',
    '0.0.0.0',
  ])
    assert.equal(await ask(url, { host }), 'false', host);
});

test('a request is from another site where its origin is another, or a browser says so of anything but a link', async (t) => {
  const { url } = await serve(t, (incoming, response) => response.end(String(isCrossSite(incoming))));
  const foreign: Record<string, string>[] = [
    ...['https://evil.example', 'null', 'http://localhost.evil.example', 'localhost', 'ftp://localhost'].map(
      (origin) => ({
        origin,
      }),
    ),
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  ];
  for (const headers of foreign) assert.equal(await ask(url, headers), 'true', JSON.stringify(headers));
  const own: Record<string, string>[] = [
    {},
    { origin: 'http://localhost:3300' },
    { origin: 'https://127.0.0.1' },
    { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
  ];
  for (const headers of own) assert.equal(await ask(url, headers), 'false', JSON.stringify(headers));
});

test('a body is read up to its limit, and not beyond', async (t) => {
  const { url } = await serve(t, async (incoming, response) => {
    response.end(String((await readBody(incoming, 10))?.length));
  });
  const post = async (body: string) => (await fetch(url, { method: 'POST', body })).text();
  assert.deepEqual(await Promise.all(['', 'x'.repeat(10), 'x'.repeat(11)].map(post)), ['0', '10', 'undefined']);
});

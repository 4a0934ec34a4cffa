import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { alertmanagerAt } from '../src/prometheus/alertmanager.js';
import { createClient } from '../src/prometheus/client.js';
import { isReady, PrometheusError, requestText } from '../src/prometheus/request.js';
import { freePort } from '../src/stack/index.js';
import { serve } from './helpers/serve.js';

type Reply = string | { status: number; body: string };

/** A server in Prometheus' place: what it answers by path, and what it was asked. */
async function fake(t: TestContext, reply: (path: string, form: URLSearchParams) => Reply) {
  const asked: string[] = [];
  const { url } = await serve(t, async (request, response) => {
    const form = await text(request);
    asked.push(`${request.method} ${request.url} ${form}`.trim());
    const answer = reply(request.url ?? '', new URLSearchParams(form));
    const { status, body } = typeof answer === 'string' ? { status: 200, body: answer } : answer;
    response.writeHead(status).end(body);
  });
  return { url, asked, client: createClient(url) };
}

const data = (of: unknown, more = {}) => JSON.stringify({ status: 'success', data: of, ...more });

test('an instant query gives the value of each series, and the scalar of an expression that is one', async (t) => {
  const { client, asked } = await fake(t, (_, form) =>
    form.get('query') === '1'
      ? data({ resultType: 'scalar', result: [5, '1'] })
      : data({ resultType: 'vector', result: [{ metric: { job: 'a' }, value: [5, '-Inf'] }] }),
  );
  assert.deepEqual(await client.query('x'), [{ labels: { job: 'a' }, value: -Infinity }]);
  assert.deepEqual(await client.query('1', 5), [{ labels: {}, value: 1 }]);
  assert.deepEqual(asked, ['POST /api/v1/query query=x', 'POST /api/v1/query query=1&time=5']);
});

test('a range of more points than Prometheus takes is asked for in parts, and joined by series', async (t) => {
  const { client, asked } = await fake(t, (_, form) => {
    const [start, end] = [Number(form.get('start')), Number(form.get('end'))];
    const values = [start, end].map((seconds) => [seconds, String(seconds)]);
    const late = start > 0 ? [{ metric: { of: 'late' }, values: [[end, '1']] }] : [];
    return data({ resultType: 'matrix', result: [{ metric: { of: 'a' }, values }, ...late] });
  });
  const series = await client.queryRange('x', { fromSeconds: 0, toSeconds: 12_000, stepSeconds: 1 });
  assert.equal(asked.length, 2);
  assert.deepEqual(series, [
    { labels: { of: 'a' }, points: [0, 10_999, 11_000, 12_000].map((seconds) => [seconds, seconds]) },
    { labels: { of: 'late' }, points: [[12_000, 1]] },
  ]);
});

test('an answer keeps what Prometheus remarks on it', async (t) => {
  const { client } = await fake(t, () => data([], { warnings: ['partial'] }));
  assert.deepEqual(await client.ask('labels'), { data: [], warnings: ['partial'] });
});

test('an error is in Prometheus’ own words, with its type', async (t) => {
  const body = JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'parse error: x' });
  const { client } = await fake(t, () => ({ status: 400, body }));
  await assert.rejects(client.query('('), (error: unknown) => {
    assert.ok(error instanceof PrometheusError);
    assert.deepEqual([error.message, error.errorType], ['parse error: x', 'bad_data']);
    return true;
  });
});

test('an error without JSON is its text, or its status', async (t) => {
  const { client } = await fake(t, (path) => ({ status: 503, body: path.endsWith('rules') ? ' not ready\n' : '' }));
  await assert.rejects(client.rules(), { name: 'PrometheusError', message: 'not ready' });
  await assert.rejects(client.targets(), { name: 'PrometheusError', message: 'HTTP status 503' });
});

test('what answers with anything else is named as no Prometheus', async (t) => {
  for (const body of ['<html>', '{}', 'null', '']) {
    const { client, url } = await fake(t, () => body);
    const message = `what answers at ${url} is not the HTTP API of Prometheus`;
    await assert.rejects(client.query('up'), { name: 'PrometheusError', message }, body);
  }
});

test('an answer that breaks off is an error of its own, and a signal ends a request', async (t) => {
  const { url } = await serve(t, (request, response) => {
    if (request.url === '/hangs') return;
    response.writeHead(200, { 'Content-Length': 100 }).write('half');
    if (request.url === '/broken') setImmediate(() => response.destroy());
  });
  await assert.rejects(requestText(`${url}/broken`), { name: 'PrometheusError', message: /^the answer broke off/ });
  for (const path of ['/hangs', '/half'])
    await assert.rejects(requestText(url + path, { timeoutMs: 50 }), { name: 'TimeoutError' }, path);
  const abort = new AbortController();
  const hanging = requestText(`${url}/hangs`, { signal: abort.signal });
  abort.abort();
  await assert.rejects(hanging, { name: 'AbortError' });
});

test('a server is ready when it says so, and neither while it starts nor where none is', async (t) => {
  const { url } = await fake(t, () => 'Prometheus Server is Ready.');
  const starting = await fake(t, () => ({ status: 503, body: 'Service Unavailable' }));
  assert.equal(await isReady(url), true);
  assert.equal(await isReady(starting.url), false);
  assert.equal(await isReady(`http://127.0.0.1:${await freePort()}`), false);
});

test('the alerts of Alertmanager have the silences that suppress them, and an error is in its own words', async (t) => {
  const alert = { labels: { alertname: 'Slow' }, status: { state: 'suppressed', silencedBy: ['1'] } };
  const { url, asked } = await fake(t, () => JSON.stringify([alert]));
  assert.deepEqual(await alertmanagerAt(url).alerts(), [alert]);
  assert.deepEqual(asked, ['GET /api/v2/alerts']);
  const broken = await fake(t, () => ({ status: 500, body: '"no peers"' }));
  await assert.rejects(alertmanagerAt(broken.url).alerts(), { name: 'PrometheusError', message: '"no peers"' });
});

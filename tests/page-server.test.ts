import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CodedError } from '../src/m2_3_monitoring/errors/index.js';
import { type DashboardOptions, startDashboard } from '../src/page/index.js';
import { freePort } from '../src/stack/index.js';
import { readRepositoryFile } from './helpers/repository.js';
import { askRaw, serve } from './helpers/serve.js';
import { temporaryFolder } from './helpers/temporary.js';

/** A server in Prometheus' place that notes what it is asked. */
async function upstream(t: TestContext, answer?: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: { line: string; body: string; headers: IncomingMessage['headers'] }[] = [];
  const { url } = await serve(t, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ line: `${request.method} ${request.url}`, body, headers: request.headers });
    if (answer) return answer(request, response);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"status":"success","data":[]}');
  });
  return { url, seen };
}

async function served(t: TestContext, options: Partial<DashboardOptions> = {}) {
  const dashboard = await startDashboard({ prometheusUrl: 'http://127.0.0.1:1', port: 0, ...options });
  t.after(() => dashboard.close());
  return { ...dashboard, get: (path: string, init?: RequestInit) => fetch(new URL(path, dashboard.url), init) };
}

const errorOf = async (response: Response) => (await response.json()) as { status: string; error: string };

describe('the page’s server', () => {
  test("the page's server serves the page with nothing from outside, and a script below 300 kB compressed", async (t) => {
    const { get, url } = await served(t);
    const html = await (await get('/')).text();
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      assert.doesNotMatch(address ?? '', /^(https?:)?\/\//);
      assert.equal((await get(address ?? '')).status, 200, address);
    }
    const script = await askRaw(url, { path: '/page.js', headers: { 'accept-encoding': 'gzip' } });
    assert.equal(script.headers['content-encoding'], 'gzip');
    assert.ok(script.body.length < 300_000, `${script.body.length} bytes`);
    assert.ok(gunzipSync(script.body).includes('Prometheus'));
    t.diagnostic(`page.js: ${Math.round(script.body.length / 1000)} kB compressed`);
  });

  test("the page's server sends a script again only when it has changed", async (t) => {
    const { get } = await served(t);
    const first = await get('/page.js');
    const tag = first.headers.get('etag') ?? '';
    assert.ok(
      tag.includes(
        createHash('sha256')
          .update(await first.text())
          .digest('base64url')
          .slice(0, 20),
      ),
    );
    const again = await get('/page.js', { headers: { 'if-none-match': tag } });
    assert.equal(again.status, 304);
    assert.equal((await get('/page.js', { headers: { 'if-none-match': '"other"' } })).status, 200);
  });

  test("the page's server forbids all other origins, and keeps data out of caches", async (t) => {
    const { get } = await served(t);
    for (const path of ['/', '/page.js', '/dashboard.json', '/settings.json', '/nowhere', '/prometheus/api/v1/rules']) {
      const { headers } = await get(path);
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'self';.*frame-ancestors 'none'/, path);
      assert.doesNotMatch(headers.get('content-security-policy') ?? '', /script-src|unsafe-eval/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    }
    for (const path of ['/dashboard.json', '/settings.json', '/prometheus/api/v1/rules'])
      assert.equal((await get(path)).headers.get('cache-control'), 'no-store', path);
  });

  test("the page's server answers on the loopback address alone, and under its names alone", async (t) => {
    const { url, port } = await served(t);
    assert.equal(new URL(url).hostname, '127.0.0.1');
    const status = async (headers: Record<string, string>) =>
      (await askRaw(url, { path: '/dashboard.json', headers })).status;
    for (const host of [`127.0.0.1:${port}`, 'localhost', 'localhost:9', `[::1]:${port}`])
      assert.equal(await status({ host }), 200, host);
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example'])
      assert.equal(await status({ host }), 403, host);
    const host = `localhost:${port}`;
    assert.equal(await status({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }), 403);
    assert.equal(await status({ host, origin: 'https://evil.example' }), 403);
    assert.equal(await status({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }), 200);
  });

  test("the page's server reads the dashboard anew for each request, and says in one line what is wrong with it", async (t) => {
    const file = join(temporaryFolder(t), 'mine.json');
    const { get } = await served(t, { dashboardFile: file });
    const problem = async () => {
      const response = await get('/dashboard.json');
      assert.equal(response.status, 422);
      return (await errorOf(response)).error;
    };
    assert.match(await problem(), /^mine\.json cannot be read \(ENOENT\)/);
    for (const [text, message] of [
      ['{\n  "panels": [],\n}', /^mine\.json is no JSON \(.+\): mend it, then reload this page$/],
      ['{}', /^mine\.json is no dashboard of Grafana: it has no list "panels"$/],
      ['null', /^mine\.json is no dashboard of Grafana/],
      ['{"spec":{"elements":{}}}', /^mine\.json is in the newer schema of Grafana/],
    ] as const) {
      writeFileSync(file, text);
      assert.match(await problem(), message);
    }
    writeFileSync(file, '\uFEFF{"panels":[],"title":"mine"}');
    assert.deepEqual(await (await get('/dashboard.json')).json(), { panels: [], title: 'mine' });
  });

  test("the page's server serves the committed dashboard by default", async (t) => {
    const { get } = await served(t);
    assert.equal(await (await get('/dashboard.json')).text(), readRepositoryFile('grafana_dash.json'));
  });
});

describe('the way to Prometheus', () => {
  test("the page's server passes every read to Prometheus as it came, by GET and where Prometheus accepts it by POST", async (t) => {
    const body = '{"status":"success","data":{"result":[1,2]}}';
    const { url, seen } = await upstream(t, (_, response) =>
      response
        .writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
        .end(gzipSync(Buffer.from(body))),
    );
    const { get } = await served(t, { prometheusUrl: `${url}/`, alertmanagerUrl: `${url}/am/` });
    const reads = ['query', 'query_range', 'query_exemplars', 'labels', 'series', 'label/job/values', 'rules'];
    for (const path of [...reads, 'alerts', 'targets', 'status/buildinfo']) {
      const response = await get(`/prometheus/api/v1/${path}?a=1%202&b[]={x="y"}`);
      assert.equal(response.status, 200, path);
      assert.equal(await response.text(), body);
      assert.equal(seen.at(-1)?.line, `GET /api/v1/${path}?a=1%202&b[]={x=%22y%22}`);
    }
    for (const path of ['query', 'query_range', 'query_exemplars', 'labels', 'series']) {
      await get(`/prometheus/api/v1/${path}`, { method: 'POST', body: new URLSearchParams({ query: 'a + "ü"' }) });
      assert.equal(seen.at(-1)?.line, `POST /api/v1/${path}`);
      assert.equal(seen.at(-1)?.body, 'query=a+%2B+%22%C3%BC%22');
      assert.equal(seen.at(-1)?.headers['content-type'], 'application/x-www-form-urlencoded');
    }
    await get('/alertmanager/api/v2/alerts');
    assert.equal(seen.at(-1)?.line, 'GET /am/api/v2/alerts');
  });

  test("the page's server passes nothing to Prometheus that is not a read", async (t) => {
    const { url, seen } = await upstream(t);
    const dashboard = await served(t, { prometheusUrl: url });
    const api = '/prometheus/api/v1';
    for (const [method, path, status] of [
      ['POST', `${api}/admin/tsdb/delete_series?match[]=x`, 404],
      ['PUT', `${api}/query`, 405],
      ['DELETE', `${api}/series`, 405],
      ['POST', `${api}/rules`, 405],
      ['POST', `${api}/label/job/values`, 405],
      ['GET', `${api}/status/config`, 404],
      ['GET', `${api}/write`, 404],
      ['GET', `${api}/query/../admin/tsdb/snapshot`, 404],
      ['GET', `${api}/label/..%2f..%2fadmin/values`, 404],
      ['GET', '/prometheus/-/quit', 404],
      ['POST', '/alertmanager/api/v2/alerts', 404],
      ['GET', 'http://evil.example/api/v1/query', 404],
      ['POST', '/', 405],
      ['POST', '/dashboard.json', 405],
    ] as const) {
      assert.equal((await askRaw(dashboard.url, { path, method })).status, status, `${method} ${path}`);
    }
    const long = await dashboard.get(`${api}/query`, { method: 'POST', body: 'x'.repeat(70_000) });
    assert.equal(long.status, 413);
    assert.deepEqual(seen, []);
  });

  test("the page's server passes errors of Prometheus on, and makes one of any other answer", async (t) => {
    const own = '{"status":"error","errorType":"bad_data","error":"parse error"}';
    const { url } = await upstream(t, ({ url: path = '' }, response) => {
      if (path.endsWith('rules')) response.writeHead(503, 'Service Unavailable').end('starting');
      else if (path.endsWith('alerts')) response.socket?.destroy();
      else response.writeHead(400, { 'Content-Type': 'application/json' }).end(own);
    });
    const { get } = await served(t, { prometheusUrl: url });
    const bad = await get('/prometheus/api/v1/query?query=(');
    assert.equal(bad.status, 400);
    assert.equal(await bad.text(), own);
    const down = await get('/prometheus/api/v1/rules');
    assert.equal(down.status, 502);
    assert.match((await errorOf(down)).error, /^Prometheus at http:.* answered 503 Service Unavailable, which is no/);
    const cut = await get('/prometheus/api/v1/alerts');
    assert.match((await errorOf(cut)).error, /^Prometheus at http:.* does not answer \(ECONNRESET\)$/);
  });

  test("the page's server says that Prometheus does not answer, and works once it does", async (t) => {
    const port = await freePort();
    const { get } = await served(t, { prometheusUrl: `http://127.0.0.1:${port}` });
    const refused = await get('/prometheus/api/v1/rules');
    assert.equal(refused.status, 502);
    assert.deepEqual(await refused.json(), {
      status: 'error',
      errorType: 'unreachable',
      error: `Prometheus at http://127.0.0.1:${port} does not answer (ECONNREFUSED)`,
    });
    await serve(t, (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'), port);
    assert.equal((await get('/prometheus/api/v1/rules')).status, 200);
  });

  test("the page's server ends a query in Prometheus when its client has gone", async (t) => {
    const emitter = new EventEmitter();
    const [asked, gone] = [once(emitter, 'asked'), once(emitter, 'gone')];
    const { url } = await upstream(t, (_, response) => {
      response.once('close', () => emitter.emit('gone'));
      emitter.emit('asked');
    });
    const { get } = await served(t, { prometheusUrl: url });
    const abort = new AbortController();
    const waiting = get('/prometheus/api/v1/query?query=slow', { signal: abort.signal }).catch(() => 'left');
    await asked;
    abort.abort();
    assert.equal(await waiting, 'left');
    await gone;
  });

  test("the page's server sends the credentials of its URL to Prometheus, and shows them to no client", async (t) => {
    const { url, seen } = await upstream(t);
    const { get } = await served(t, { prometheusUrl: url.replace('//', '//me:p%40ss@') });
    await get('/prometheus/api/v1/rules', { headers: { cookie: 'a=b' } });
    const { authorization, cookie } = seen.at(-1)?.headers ?? {};
    assert.equal(authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    assert.equal(cookie, undefined);
    assert.deepEqual(await (await get('/settings.json')).json(), { prometheusUrl: url, alertmanagerUrl: null });
  });
});

describe('starting the page', () => {
  test("the page's server takes the next free port unless one was asked for", async (t) => {
    const first = await served(t, { port: undefined });
    const second = await served(t, { port: undefined });
    assert.ok(second.port > first.port);
    await assert.rejects(startDashboard({ prometheusUrl: 'http://127.0.0.1:1', port: first.port }), (error) => {
      assert.ok(error instanceof CodedError);
      assert.equal(error.code, 'ERR_PORT_IN_USE');
      assert.match(error.message, /^port \d+ is held by another program: choose another with --port, or leave it out$/);
      return true;
    });
  });

  test("the page's server frees its port when it is closed, also during an answer", async (t) => {
    const { url } = await upstream(t, () => undefined);
    const { close, get, port } = await startDashboard({ prometheusUrl: url, port: 0 }).then((dashboard) => ({
      ...dashboard,
      get: (path: string) => fetch(new URL(path, dashboard.url)),
    }));
    const hanging = get('/prometheus/api/v1/rules').catch(() => 'cut off');
    await get('/');
    await close();
    assert.equal(await hanging, 'cut off');
    await served(t, { port });
  });

  test("the page's server refuses an address of Prometheus that is none", async () => {
    for (const prometheusUrl of ['', '127.0.0.1:9090', 'ftp://x', 'localhost:9090']) {
      await assert.rejects(startDashboard({ prometheusUrl }), { code: 'ERR_BAD_URL', message: /no http or https URL/ });
    }
    await assert.rejects(startDashboard({ prometheusUrl: 'http://x', port: 70_000 }), { code: 'ERR_INVALID_OPTION' });
  });
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { Gauge } from 'prom-client';
import { MetricsServerError } from '../src/m2_3_monitoring/index.js';
import { testMonitoring } from './helpers/monitoring.js';

/** Monitoring with a running server that is closed after the test. */
async function served(t: { after(done: () => unknown): void }) {
  const monitoring = testMonitoring();
  const server = await monitoring.startMetricsServer(0);
  t.after(() => server.close());
  const get = (path: string, init?: RequestInit) => fetch(new URL(path, server.url), init);
  return { ...monitoring, server, get };
}

describe('the metrics server', () => {
  test('serves what the registry holds, in the format that Prometheus reads', async (t) => {
    const { get, metrics } = await served(t);
    metrics.activeRequests.set(3);
    const response = await get('/metrics');
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(await response.text(), /^rag_active_requests 3$/m);
  });

  test('says that it is healthy, and has an index page with links', async (t) => {
    const { get } = await served(t);
    assert.deepEqual(await (await get('/health')).json(), { status: 'ok' });
    const page = await get('/');
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(await page.text(), /href="\/metrics"/);
  });

  test('answers 404 elsewhere, 405 to other methods, and HEAD without a body', async (t) => {
    const { get } = await served(t);
    assert.equal((await get('/admin')).status, 404);
    const posted = await get('/metrics', { method: 'POST', body: 'x' });
    assert.equal(posted.status, 405);
    assert.equal(posted.headers.get('allow'), 'GET, HEAD');
    const head = await get('/metrics', { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
  });

  test('answers 500 when the metrics cannot be collected, so that `up` tells the truth', async (t) => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    t.after(() => process.off('warning', listen));
    const { get, registry } = await served(t);
    const collect = () => Promise.reject(new Error('a collector failed'));
    new Gauge({ name: 'failing', help: 'A metric that cannot be collected', registers: [registry], collect });
    const response = await get('/metrics');
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /a collector failed/);
    await new Promise(setImmediate);
    assert.match(
      String(warnings[0]),
      /could not be collected: the collector of failing failed: Error: a collector failed/,
    );
  });

  test('binds to loopback by default', async (t) => {
    const { server } = await served(t);
    assert.equal(new URL(server.url).hostname, '127.0.0.1');
  });
});

describe('starting it', () => {
  test('a second time returns the running server, also when both are started at once', async (t) => {
    const { startMetricsServer } = testMonitoring();
    const [first, second] = await Promise.all([startMetricsServer(0), startMetricsServer(0)]);
    t.after(() => first.close());
    assert.equal(first.alreadyRunning, false);
    assert.equal(second.alreadyRunning, true);
    assert.equal(second.port, first.port);
  });

  test('after close() the port is free, and it can be started again', async () => {
    const { startMetricsServer } = testMonitoring();
    const first = await startMetricsServer(0);
    await fetch(first.url);
    await first.close();
    const second = await startMetricsServer(first.port);
    assert.equal(second.alreadyRunning, false);
    assert.equal((await fetch(second.url)).status, 200);
    await second.close();
  });

  test('by its port returns the one that chose that port, and an old handle closes only its own', async () => {
    const { startMetricsServer } = testMonitoring();
    const first = await startMetricsServer(0);
    assert.equal((await startMetricsServer(first.port)).alreadyRunning, true);
    await first.close();
    const second = await startMetricsServer(first.port);
    await first.close();
    assert.equal((await startMetricsServer(first.port)).alreadyRunning, true);
    await second.close();
  });

  test('on a port that another program holds is a clear error at once, and works when the port is free', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    t.after(() => other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { startMetricsServer } = testMonitoring();
    await assert.rejects(startMetricsServer(port), (error: Error) => {
      assert.ok(error instanceof MetricsServerError);
      assert.equal(error.code, 'ERR_PORT_IN_USE');
      assert.equal(
        error.message,
        `port ${port} on 127.0.0.1 is held by another program: stop it, or set METRICS_PORT to a free port`,
      );
      return true;
    });
    await new Promise((resolve) => other.close(resolve));
    await (await startMetricsServer(port)).close();
  });

  test('on an address that is not there names the setting', async () => {
    const { startMetricsServer } = testMonitoring({ config: { METRICS_HOST: '192.0.2.1' } });
    await assert.rejects(
      startMetricsServer(0),
      /cannot listen on 192\.0\.2\.1:0 \(EADDRNOTAVAIL\): check METRICS_HOST/,
    );
  });

  test('with a bad port says what was expected', async () => {
    const { startMetricsServer } = testMonitoring();
    await assert.rejects(
      startMetricsServer('8000' as unknown as number),
      /`port`: expected an integer from 0 to 65535, got "8000" \(string\)/,
    );
  });
});

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { Gauge } from 'prom-client';
import { createExposition, type Exposition } from '../src/m2_3_monitoring/server/exposition.js';
import { LIMITS, type Limits } from '../src/m2_3_monitoring/server/limits.js';
import { Page } from '../src/m2_3_monitoring/server/page.js';
import { scrapeTime } from '../src/m2_3_monitoring/server/scrape-time.js';
import { createMetricsServerStarter } from '../src/m2_3_monitoring/server/start-server.js';
import { createCertificate } from './helpers/certificate.js';
import { testMonitoring } from './helpers/monitoring.js';
import { temporaryFolder } from './helpers/temporary.js';

const pageOf = (text: string) => new Page(async (onChunk) => onChunk(Buffer.from(text), true));

type Context = { after(done: () => unknown): void };

const getMetrics = (seconds = 60) =>
  `GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Prometheus-Scrape-Timeout-Seconds: ${seconds}\r\n\r\n`;
const within = (seconds: number) => ({ headers: { 'X-Prometheus-Scrape-Timeout-Seconds': String(seconds) } });

/** A running server with limits of its own, and monitoring to look at. */
async function serve(
  t: Context,
  limits: Partial<Limits> = {},
  parts: { exposition?: Exposition; config?: object } = {},
) {
  const monitoring = testMonitoring({ config: parts.config ?? {} });
  const { metrics, config, registry } = monitoring;
  const exposition = parts.exposition ?? createExposition(registry, metrics, () => 0);
  const start = createMetricsServerStarter({ exposition, metrics, settings: config, limits: { ...LIMITS, ...limits } });
  const server = await start(0);
  t.after(() => server.close());
  const open = (text = '') => {
    const socket = connect(server.port, '127.0.0.1', () => text && socket.write(text));
    socket.on('error', () => undefined).resume();
    t.after(() => socket.destroy());
    return socket;
  };
  return { ...monitoring, server, open };
}

/** What a client gets until the connection ends. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => (text += chunk));
  await once(socket, 'close');
  return text;
}

describe('a collector', () => {
  /** A gauge, the collector of which never answers the first time, and reports when it is asked. */
  function hangOnce(registry: ReturnType<typeof testMonitoring>['registry']) {
    const asked = new EventEmitter();
    let times = 0;
    new Gauge({
      name: 'db_rows',
      help: 'Rows',
      registers: [registry],
      async collect() {
        times += 1;
        asked.emit('asked');
        if (times === 1) await once(asked, 'never');
        this.set(times);
      },
    });
    return asked;
  }

  for (const accept of ['text/plain', 'application/openmetrics-text;version=1.0.0']) {
    test(`that hangs costs one scrape, which names it; the next asks it anew (${accept})`, async (t) => {
      const { server, registry } = await serve(t);
      hangOnce(registry);
      const headers = { ...within(0.05).headers, accept };
      const first = await fetch(server.url, { headers });
      assert.equal(first.status, 503);
      assert.equal(await first.text(), 'the collector of db_rows gave no answer within 0.045 s\n');
      assert.match(await (await fetch(server.url, { headers: { accept } })).text(), /^db_rows 2$/m);
    });
  }

  test('that hangs is left alone when the client has gone, and the next scrape asks it anew', async (t) => {
    const { server, registry } = await serve(t);
    const asked = hangOnce(registry);
    const client = new AbortController();
    const first = fetch(server.url, { signal: client.signal });
    await once(asked, 'asked');
    client.abort();
    await assert.rejects(first);
    assert.match(await (await fetch(server.url)).text(), /^db_rows 2$/m);
  });

  test('that hangs does not keep a client with more time from its answer', async (t) => {
    const { server, registry } = await serve(t);
    const gate = new EventEmitter();
    const collect = async () => void (await once(gate, 'open'));
    new Gauge({ name: 'slow', help: 'Slow', registers: [registry], collect });
    const patient = fetch(server.url, within(60));
    const impatient = await fetch(server.url, within(0.05));
    assert.equal(impatient.status, 503);
    gate.emit('open');
    assert.equal((await patient).status, 200);
  });

  test('that fails is named in a 500, and why it failed is for the operator only', async (t) => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    t.after(() => process.off('warning', listen));
    const { server, registry } = await serve(t);
    const collect = () => Promise.reject(new Error('no route to 10.0.0.7'));
    new Gauge({ name: 'failing', help: 'Failing', registers: [registry], collect });
    for (let scrape = 0; scrape < 3; scrape++) {
      const response = await fetch(server.url);
      assert.equal(response.status, 500);
      assert.equal(await response.text(), 'the collector of failing failed: a warning of the process says why\n');
    }
    await new Promise(setImmediate);
    assert.equal(warnings.length, 1);
    assert.match(String(warnings[0]), /the collector of failing failed: Error: no route to 10\.0\.0\.7$/);
  });

  test('is asked together with the others, not after them', async (t) => {
    const { server, registry } = await serve(t);
    const asked = new EventEmitter();
    const collect = (name: string, other: string) => async () => {
      const otherAsked = once(asked, other);
      setImmediate(() => asked.emit(name));
      await otherAsked;
    };
    new Gauge({ name: 'one', help: 'One', registers: [registry], collect: collect('one', 'two') });
    new Gauge({ name: 'two', help: 'Two', registers: [registry], collect: collect('two', 'one') });
    assert.equal((await fetch(server.url)).status, 200);
  });
});

test('a scrape has the time that Prometheus gives it, up to a minute, and ten seconds where none is given', () => {
  const cases: [header: string | undefined, collectMs: number, totalMs: number][] = [
    ['1', 900, 1000],
    ['2.5', 2250, 2500],
    ['10', 9500, 10_000],
    ['30.000', 29_500, 30_000],
    ['1e9', 59_500, 60_000],
    ['Infinity', 59_500, 60_000],
    ['0', 9500, 10_000],
    ['-3', 9500, 10_000],
    ['soon', 9500, 10_000],
    ['', 9500, 10_000],
    [undefined, 9500, 10_000],
  ];
  for (const [header, collectMs, totalMs] of cases) {
    assert.deepEqual(scrapeTime({ 'x-prometheus-scrape-timeout-seconds': header }), { collectMs, totalMs }, header);
  }
});

describe('a client that takes its time', () => {
  /** Pages that are larger than what the system keeps of them, and when their readers have gone. */
  function largePages(bytes: number) {
    const gone: AbortSignal[] = [];
    const page = () => pageOf('x'.repeat(bytes));
    const exposition: Exposition = {
      async render(_format, _limitMs, signal) {
        gone.push(signal);
        return page();
      },
    };
    const goneAt = async (index: number) => {
      const signal = gone[index] as AbortSignal;
      if (!signal.aborted) await once(signal, 'abort');
    };
    return { exposition, gone, goneAt };
  }
  const LARGE = 30_000_000;

  /** A client that reads what comes first, and no more. */
  async function stopReading(socket: Socket): Promise<void> {
    await once(socket, 'data');
    socket.pause();
  }

  test('over the headers of its request is cut off', async (t) => {
    const { open } = await serve(t, { headersMs: 50, checkMs: 20 });
    assert.match(await readAll(open('GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: ')), /^HTTP\/1\.1 408 /);
    assert.match(await readAll(open()), /^HTTP\/1\.1 408 /);
  });

  test('over its TLS handshake is cut off', async (t) => {
    const config = createCertificate(temporaryFolder(t));
    const { open } = await serve(t, { headersMs: 50, checkMs: 20 }, { config });
    assert.equal(await readAll(open()), '');
    assert.equal(await readAll(open('\x16\x03\x01')), '');
  });

  test('over the body of its request is answered, and not waited for', async (t) => {
    const { open } = await serve(t);
    assert.match(
      await readAll(open('POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n')),
      / 405 /,
    );
    const chunked = 'GET /health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
    assert.match(await readAll(open(chunked)), /^HTTP\/1\.1 200 /);
  });

  test('over reading is cut off when it has not read on for a while', async (t) => {
    const { exposition, goneAt } = largePages(LARGE);
    const { open } = await serve(t, { stalledMs: 50 }, { exposition });
    await stopReading(open(getMetrics()));
    await goneAt(0);
  });

  test('over reading is cut off a second after the time of its scrape', async (t) => {
    const { exposition, goneAt } = largePages(LARGE);
    const { open } = await serve(t, { stalledMs: 60_000 }, { exposition });
    await stopReading(open(getMetrics(0.1)));
    await goneAt(0);
  });

  test('over reading makes room where its page is one of too many', async (t) => {
    const { exposition, gone, goneAt } = largePages(LARGE);
    const { open } = await serve(t, { maxPageBytes: 2 * LARGE, stalledMs: 60_000 }, { exposition });
    for (let i = 0; i < 3; i++) await stopReading(open(getMetrics()));
    await goneAt(0);
    assert.deepEqual(
      gone.map(({ aborted }) => aborted),
      [true, false, false],
    );
  });

  test('keeps no connection where there are too many: the one goes that has waited longest, and a scrape gets through', async (t) => {
    const { open, server } = await serve(t, { maxConnections: 5 });
    const sockets = Array.from({ length: 20 }, () => open('GET /metrics HTTP/1.1\r\nX: '));
    const closed = sockets.map((socket) => once(socket, 'close'));
    await Promise.all(closed.slice(0, 15));
    assert.equal((await fetch(server.url)).status, 200);
    await closed[15];
    assert.deepEqual(
      sockets.slice(16).map(({ closed }) => closed),
      [false, false, false, false],
    );
  });

  test('keeps no TLS connection either', async (t) => {
    const config = createCertificate(temporaryFolder(t));
    const { open } = await serve(t, { maxConnections: 5 }, { config });
    const sockets = Array.from({ length: 20 }, () => open('\x16'));
    await Promise.all(sockets.slice(0, 15).map((socket) => once(socket, 'close')));
  });
});

test('scrapes beyond the limit are answered 503 and counted, not cut off', async (t) => {
  const gate = new EventEmitter();
  const exposition: Exposition = {
    async render() {
      gate.emit('asked');
      await once(gate, 'open');
      return pageOf('a 1\n');
    },
  };
  const { server, series } = await serve(t, { maxScrapes: 2 }, { exposition });
  const admitted: Promise<Response>[] = [];
  for (let i = 0; i < 2; i++) {
    const asked = once(gate, 'asked');
    admitted.push(fetch(server.url));
    await asked;
  }
  const refused = await fetch(server.url);
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.equal(await series('rag_scrapes_refused_total{reason="too_many"}'), 1);
  gate.emit('open');
  for (const response of await Promise.all(admitted)) assert.equal(await response.text(), 'a 1\n');
});

test('requests that come without waiting are all answered, in their order', async (t) => {
  const { open } = await serve(t, { maxScrapes: 1 });
  const last = getMetrics().replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
  const text = await readAll(open(getMetrics().repeat(9) + last));
  assert.equal(text.match(/^HTTP\/1\.1 200 /gm)?.length, 10);
});

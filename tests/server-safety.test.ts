import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createServer, get as httpsGet } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { ConfigError } from '../src/m2_3_monitoring/index.js';
import { readTlsFiles, watchTlsFiles } from '../src/m2_3_monitoring/server/tls-files.js';
import { waitUntil } from '../src/stack/process/wait-until.js';
import { createCertificate } from './helpers/certificate.js';
import { testMonitoring } from './helpers/monitoring.js';
import { temporaryFolder } from './helpers/temporary.js';

type Context = { after(done: () => unknown): void };

async function serve(t: Context, config: object) {
  const server = await testMonitoring({ config }).startMetricsServer(0);
  t.after(() => server.close());
  return server;
}

/** The warnings of this process, until the test is over. */
function listenToWarnings(t: Context) {
  const warnings: { message: string; code?: string }[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  t.after(() => process.off('warning', listen));
  return warnings;
}

describe('with METRICS_TOKEN', () => {
  const TOKEN = 'open sesame';

  /** The status of a scrape with a header `Authorization`. */
  const scrapeWith = async (url: string, authorization?: string) =>
    (await fetch(url, { headers: authorization === undefined ? {} : { authorization } })).status;

  test('metrics are for those who bring it, under the scheme in any case', async (t) => {
    const { url } = await serve(t, { METRICS_TOKEN: TOKEN });
    for (const right of ['Bearer open sesame', 'bearer open sesame', 'BEARER open sesame'])
      assert.equal(await scrapeWith(url, right), 200, right);
    const wrong = [
      undefined,
      '',
      'Bearer',
      'Bearer open',
      'Bearer open sesame!',
      'Bearer Open Sesame',
      'Bearer  open sesame',
      'Basic open sesame',
      `Basic ${Buffer.from('x:open sesame').toString('base64')}`,
      'open sesame',
    ];
    for (const one of wrong) assert.equal(await scrapeWith(url, one), 401, one);
    for (const query of ['?token=open%20sesame', '?access_token=open%20sesame'])
      assert.equal((await fetch(url + query)).status, 401, query);
    const refused = await fetch(url);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
    assert.doesNotMatch(await refused.text(), /rag_/);
    assert.equal((await fetch(url, { method: 'HEAD' })).status, 401);
    assert.equal((await fetch(new URL('/health', url))).status, 200);
  });

  test('scrapes without it are counted, and a warning reports the first', async (t) => {
    const warnings = listenToWarnings(t);
    const monitoring = testMonitoring({ config: { METRICS_TOKEN: TOKEN } });
    const server = await monitoring.startMetricsServer(0);
    t.after(() => server.close());
    const series = 'rag_scrapes_refused_total{reason="unauthorized"}';
    assert.equal(await monitoring.series(series), 0);
    for (let guess = 0; guess < 5; guess++) await scrapeWith(server.url, `Bearer guess-${guess}`);
    await new Promise(setImmediate);
    assert.equal(await monitoring.series(series), 5);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['METRICS_WRONG_TOKEN'],
    );
    assert.match(warnings[0]?.message ?? '', /^a scrape from 127\.0\.0\.1 was refused .* rag_scrapes_refused_total/);
  });

  test('one that no header can carry as it is is refused at start, and stands in no message', () => {
    for (const token of ['abc\n', ' abc', 'abc ', 'a\tb', 'pässwörd', 'a\u0000b', ' ', '\n', '鍵']) {
      assert.throws(
        () => testMonitoring({ config: { METRICS_TOKEN: token } }),
        (error: Error) =>
          error instanceof ConfigError &&
          error.message ===
            `\`METRICS_TOKEN\`: expected ASCII characters without a space or a line break at either end, or nothing, got ${token.length} characters`,
        JSON.stringify(token),
      );
    }
  });
});

describe('with a certificate', () => {
  /** The name in the certificate that a connection gets, whether it is trusted or not. */
  async function commonName(port: number): Promise<unknown> {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return CN;
  }

  test('metrics are served over TLS', async (t) => {
    const files = createCertificate(temporaryFolder(t));
    const { url } = await serve(t, files);
    assert.match(url, /^https:\/\/127\.0\.0\.1:/);
    const status = await new Promise((resolve, reject) => {
      httpsGet(url, { ca: readFileSync(files.METRICS_TLS_CERT_FILE) }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    assert.equal(status, 200);
  });

  test('one that cannot be used is a ConfigError in one line at start, which names the setting', async (t) => {
    const folder = temporaryFolder(t);
    const written = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const { METRICS_TLS_CERT_FILE: cert, METRICS_TLS_KEY_FILE: key } = createCertificate(folder);
    const other = createCertificate(folder, { name: 'other' });
    const expired = createCertificate(folder, { name: 'expired', days: -1 });
    const weak = createCertificate(folder, { name: 'weak', bits: 512 });
    const passphrase = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    const encrypted = written('encrypted.key', createPrivateKey(readFileSync(key)).export(passphrase) as string);
    const garbage = written('garbage', 'garbage');
    const empty = written('empty', '');
    const CERT = '`METRICS_TLS_CERT_FILE`';
    const KEY = '`METRICS_TLS_KEY_FILE`';
    const cases: [name: string, cert: string, key: string, problem: string][] = [
      ['half of it', cert, '', `${CERT} and ${KEY}: expected both or neither`],
      ['the other half', '', key, `${CERT} and ${KEY}: expected both or neither`],
      ['no file', '/no/cert', key, `${CERT}: cannot read "/no/cert"`],
      ['no file of the key', cert, '/no/key', `${KEY}: cannot read "/no/key"`],
      ['a folder', folder, key, `${CERT}: cannot read "${folder}": EISDIR`],
      ['garbage', garbage, key, `${CERT}: no certificate in PEM is in "${garbage}"`],
      ['an empty file', empty, key, `${CERT}: no certificate in PEM is in "${empty}"`],
      ['garbage as a key', cert, garbage, `${KEY}: no private key in PEM without a passphrase is in "${garbage}"`],
      ['an empty key', cert, empty, `${KEY}: no private key in PEM`],
      ['a key with a passphrase', cert, encrypted, `${KEY}: no private key in PEM without a passphrase`],
      ['both the wrong way round', key, cert, `${CERT}: no certificate in PEM is in`],
      [
        'a key of another certificate',
        cert,
        other.METRICS_TLS_KEY_FILE,
        `${CERT} and ${KEY}: the key is that of another`,
      ],
      [
        'an expired one',
        expired.METRICS_TLS_CERT_FILE,
        expired.METRICS_TLS_KEY_FILE,
        `${CERT}: cannot use the certificate in "${expired.METRICS_TLS_CERT_FILE}": it expired on `,
      ],
      ['a weak one', weak.METRICS_TLS_CERT_FILE, weak.METRICS_TLS_KEY_FILE, `${CERT}: cannot use the certificate in`],
    ];
    for (const [name, METRICS_TLS_CERT_FILE, METRICS_TLS_KEY_FILE, problem] of cases) {
      const { startMetricsServer } = testMonitoring({ config: { METRICS_TLS_CERT_FILE, METRICS_TLS_KEY_FILE } });
      const error = await startMetricsServer(0).then(
        () => assert.fail(`${name}: it starts`),
        (error: Error) => error,
      );
      assert.ok(error instanceof ConfigError, `${name}: ${error}`);
      assert.ok(error.message.startsWith(problem), `${name}: ${error.message}`);
      assert.doesNotMatch(error.message, /\n/, name);
    }
  });

  test('a renewed one is taken by the next connection that looks, and the old one stays until it is whole', async (t) => {
    const warnings = listenToWarnings(t);
    const folder = temporaryFolder(t);
    const files = createCertificate(folder, { commonName: 'old' });
    const renewed = createCertificate(folder, { name: 'renewed', commonName: 'new' });
    const settings = files;
    let look = () => {};
    const server = createServer(readTlsFiles(settings) ?? {}).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    look = watchTlsFiles(server, settings);
    look();
    assert.equal(await commonName(port), 'old');

    copyFileSync(renewed.METRICS_TLS_CERT_FILE, files.METRICS_TLS_CERT_FILE);
    look();
    assert.equal(await commonName(port), 'old');
    assert.equal(warnings.length, 0);
    look();
    look();
    await new Promise(setImmediate);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['METRICS_CERTIFICATE_NOT_RENEWED'],
    );

    copyFileSync(renewed.METRICS_TLS_KEY_FILE, files.METRICS_TLS_KEY_FILE);
    look();
    assert.equal(await commonName(port), 'new');
  });

  test('a renewed one reaches the clients of a running server', async (t) => {
    const folder = temporaryFolder(t);
    const files = createCertificate(folder, { commonName: 'old' });
    const renewed = createCertificate(folder, { name: 'renewed', commonName: 'new' });
    const { port } = await serve(t, files);
    assert.equal(await commonName(port), 'old');
    copyFileSync(renewed.METRICS_TLS_CERT_FILE, files.METRICS_TLS_CERT_FILE);
    copyFileSync(renewed.METRICS_TLS_KEY_FILE, files.METRICS_TLS_KEY_FILE);
    await waitUntil('the new certificate', async () => (await commonName(port)) === 'new');
  });
});

describe('a server on loopback', () => {
  const send = (port: number, text: string) =>
    new Promise<string>((resolve) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket
        .on('data', (chunk) => (answer += chunk))
        .on('close', () => resolve(answer))
        .on('error', () => resolve(answer));
    });
  const statusOf = async (port: number, line: string, host?: string) => {
    const header = host === undefined ? '' : `Host: ${host}\r\n`;
    const answer = await send(port, `${line}\r\n${header}Connection: close\r\n\r\n`);
    return Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]);
  };

  test('answers to names of loopback only, and counts the others', async (t) => {
    const monitoring = testMonitoring();
    const server = await monitoring.startMetricsServer(0);
    t.after(() => server.close());
    const { port } = server;
    const right = [
      'localhost',
      'LOCALHOST:8000',
      'localhost.',
      'rag.localhost',
      '127.0.0.1',
      `127.0.0.1:${port}`,
      '127.8.8.8',
      '[::1]',
      '[::1]:8000',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:127.0.0.1]',
      // How containers call the machine that they run on.
      'host.docker.internal:8000',
      'host.containers.internal',
    ];
    for (const host of right) assert.equal(await statusOf(port, 'GET /metrics HTTP/1.1', host), 200, host);
    const wrong = [
      'evil.example',
      'evil.example:8000',
      'localhost.evil.example',
      'evil-localhost',
      '127.0.0.1.evil.example',
      '127.0.0.1@evil.example',
      'evil.example:127.0.0.1',
      'host.docker.internal.evil.example',
      '0.0.0.0',
      '10.0.0.1',
      '[::2]',
      '[::ffff:10.0.0.1]',
      '',
    ];
    for (const host of wrong) {
      assert.equal(await statusOf(port, 'GET /metrics HTTP/1.1', host), 421, host);
      assert.equal(await statusOf(port, 'GET / HTTP/1.1', host), 421, host);
    }
    assert.equal(await monitoring.series('rag_scrapes_refused_total{reason="wrong_host"}'), 2 * wrong.length);
    assert.equal(await statusOf(port, 'GET /metrics HTTP/1.0'), 200);
  });

  test('reads a target with the whole address as its path, where the host is ours', async (t) => {
    const { port } = await serve(t, {});
    const cases: [target: string, status: number][] = [
      [`http://127.0.0.1:${port}/metrics`, 200],
      ['http://localhost/metrics?name[]=x', 200],
      ['HTTP://LOCALHOST/health', 200],
      ['http://localhost', 200],
      ['http://localhost/nothing', 404],
      ['http://evil.example/metrics', 404],
      ['http://localhost@evil.example/metrics', 404],
      ['//metrics', 404],
      ['/metrics/', 404],
      ['/%6detrics', 404],
      ['/__proto__', 404],
    ];
    for (const [target, status] of cases)
      assert.equal(await statusOf(port, `GET ${target} HTTP/1.1`, 'localhost'), status, target);
    // The address in the target wins over the header.
    assert.equal(await statusOf(port, 'GET http://localhost/metrics HTTP/1.1', 'evil.example'), 200);
  });

  test('gives no answer whose type a browser may guess', async (t) => {
    const { url } = await serve(t, { METRICS_TOKEN: 'x' });
    for (const path of ['/', '/health', '/metrics', '/nothing']) {
      const response = await fetch(new URL(path, url));
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
      await response.text();
    }
  });

  test('refuses a request that is too large, and one that is broken harms no other', async (t) => {
    const { url, port } = await serve(t, {});
    const large = `GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`;
    assert.match(await send(port, large), /^HTTP\/1\.1 431 /);
    assert.match(await send(port, 'nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.equal((await fetch(url)).status, 200);
  });
});

test('a server beyond loopback answers to every name', async (t) => {
  const { port } = await serve(t, { METRICS_HOST: '0.0.0.0', METRICS_TOKEN: 'secret' });
  const headers = { host: 'metrics.example', authorization: 'Bearer secret' };
  const [response] = (await once(request({ port, path: '/metrics', headers }).end(), 'response')) as [IncomingMessage];
  assert.equal(response.resume().statusCode, 200);
});

test('listening beyond loopback without a token is said on start', async (t) => {
  const warnings = listenToWarnings(t);
  await serve(t, { METRICS_HOST: '0.0.0.0', METRICS_TOKEN: 'secret' });
  await serve(t, { METRICS_HOST: '127.0.0.1' });
  await serve(t, { METRICS_HOST: '0.0.0.0' });
  await new Promise(setImmediate);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['METRICS_WITHOUT_TOKEN'],
  );
  assert.match(warnings[0]?.message ?? '', /listens on 0\.0\.0\.0:\d+ without a token: .* set METRICS_TOKEN/);
});

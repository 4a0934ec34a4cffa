import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ConfigError } from '../src/m2_3_monitoring/index.js';
import { testMonitoring } from './helpers/monitoring.js';
import { temporaryFolder } from './helpers/temporary.js';

type Context = { after(done: () => unknown): void };

async function serve(t: Context, config: object) {
  const server = await testMonitoring({ config }).startMetricsServer(0);
  t.after(() => server.close());
  return server;
}

describe('with METRICS_TOKEN', () => {
  test('metrics are for those who bring it, and the health is for all', async (t) => {
    const { url } = await serve(t, { METRICS_TOKEN: 'open sesame' });
    const status = async (authorization?: string) =>
      (await fetch(url, { headers: authorization ? { authorization } : {} })).status;
    assert.equal(await status('Bearer open sesame'), 200);
    for (const wrong of [
      undefined,
      'Bearer',
      'Bearer open',
      'Bearer open sesame!',
      'Basic open sesame',
      'open sesame',
    ]) {
      assert.equal(await status(wrong), 401, wrong);
    }
    const refused = await fetch(url);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
    assert.doesNotMatch(await refused.text(), /rag_/);
    assert.equal((await fetch(new URL('/health', url))).status, 200);
  });
});

describe('with a certificate', () => {
  test('metrics are served over TLS', async (t) => {
    const folder = temporaryFolder(t);
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject],
      { stdio: 'pipe' },
    );
    const { url } = await serve(t, { METRICS_TLS_CERT_FILE: cert, METRICS_TLS_KEY_FILE: key });
    assert.match(url, /^https:\/\/127\.0\.0\.1:/);
    const status = await new Promise((resolve, reject) => {
      httpsGet(url, { ca: readFileSync(cert) }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    assert.equal(status, 200);
  });

  test('half of it, or a file that is not there, is a clear error', async () => {
    const start = (config: object) => testMonitoring({ config }).startMetricsServer(0);
    await assert.rejects(
      start({ METRICS_TLS_CERT_FILE: 'x' }),
      /`METRICS_TLS_CERT_FILE` and `METRICS_TLS_KEY_FILE`: expected both or neither/,
    );
    await assert.rejects(
      start({ METRICS_TLS_CERT_FILE: '/no/cert', METRICS_TLS_KEY_FILE: '/no/key' }),
      (error: Error) =>
        error instanceof ConfigError && /`METRICS_TLS_CERT_FILE`: cannot read "\/no\/cert"/.test(error.message),
    );
  });
});

test('listening beyond loopback without a token is said on start', async (t) => {
  const warnings: { message: string; code?: string }[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  t.after(() => process.off('warning', listen));
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

test('a request that is too large is refused, and a broken one harms nobody', async (t) => {
  const { url, port } = await serve(t, {});
  const send = (text: string) =>
    new Promise<string>((resolve) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket
        .on('data', (chunk) => (answer += chunk))
        .on('close', () => resolve(answer))
        .on('error', () => resolve(answer));
    });
  assert.match(await send(`GET /metrics HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
  assert.match(await send('nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /);
  assert.equal((await fetch(url)).status, 200);
});

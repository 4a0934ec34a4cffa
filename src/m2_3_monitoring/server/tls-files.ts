import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { type Config, ConfigError } from '../../../config/module.js';
import { onceASecond } from '../clock/cached-for-a-second.js';
import { monotonicMs } from '../clock/clocks.js';

export type TlsSettings = Pick<Config, 'METRICS_TLS_CERT_FILE' | 'METRICS_TLS_KEY_FILE'>;

/** A certificate, with those that vouch for it, and its private key, in PEM. */
interface TlsPair {
  cert: string;
  key: string;
}

const [CERT, KEY] = ['`METRICS_TLS_CERT_FILE`', '`METRICS_TLS_KEY_FILE`'] as const;

/** Does something with what a setting gives; what goes wrong is the setting's fault, in one line. */
function checked<Value>(setting: string, path: string, problem: string, use: () => Value): Value {
  try {
    return use();
  } catch (cause) {
    const reason = (cause as Error).message.replace(/\s+/g, ' ');
    throw new ConfigError(`${setting}: ${problem} ${JSON.stringify(path)}: ${reason}`);
  }
}

function assertInTime({ validFrom, validTo }: X509Certificate): void {
  if (Date.parse(validTo) <= Date.now()) throw new Error(`it expired on ${validTo}: renew it`);
  if (Date.parse(validFrom) > Date.now()) throw new Error(`it is not valid before ${validFrom}`);
}

function readPair({ METRICS_TLS_CERT_FILE: certFile, METRICS_TLS_KEY_FILE: keyFile }: TlsSettings): TlsPair {
  return {
    cert: checked(CERT, certFile, 'cannot read', () => readFileSync(certFile, 'utf8')),
    key: checked(KEY, keyFile, 'cannot read', () => readFileSync(keyFile, 'utf8')),
  };
}

/** @throws {ConfigError} where no client could be served with them */
function assertUsable({ cert, key }: TlsPair, settings: TlsSettings): void {
  const { METRICS_TLS_CERT_FILE: certFile, METRICS_TLS_KEY_FILE: keyFile } = settings;
  const certificate = checked(CERT, certFile, 'no certificate in PEM is in', () => new X509Certificate(cert));
  const privateKey = checked(KEY, keyFile, 'no private key in PEM without a passphrase is in', () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigError(`${CERT} and ${KEY}: the key is that of another certificate`);
  }
  checked(CERT, certFile, 'cannot use the certificate in', () => {
    assertInTime(certificate);
    createSecureContext({ cert, key });
  });
}

/** The certificate and key for HTTPS; undefined where there are none. @throws {ConfigError} where they cannot be used */
export function readTlsFiles(settings: TlsSettings): TlsPair | undefined {
  const { METRICS_TLS_CERT_FILE: certFile, METRICS_TLS_KEY_FILE: keyFile } = settings;
  if ((certFile === '') !== (keyFile === '')) throw new ConfigError(`${CERT} and ${KEY}: expected both or neither`);
  if (certFile === '') return undefined;
  const pair = readPair(settings);
  assertUsable(pair, settings);
  return pair;
}

/**
 * Gives a function that looks for renewed files, and takes them. Where they cannot be used, such as between the writing of one
 * and of the other, those in use stay; where that lasts until the next look, a warning reports it.
 */
export function watchTlsFiles(server: Server, settings: TlsSettings, inUse = readPair(settings)): () => void {
  let current = inUse;
  const problem = { message: '', times: 0 };
  return () => {
    try {
      const next = readPair(settings);
      if (next.cert === current.cert && next.key === current.key) return;
      assertUsable(next, settings);
      server.setSecureContext(next);
      current = next;
    } catch (error) {
      const { message } = error as Error;
      problem.times = message === problem.message ? problem.times + 1 : 1;
      problem.message = message;
      if (problem.times !== 2) return;
      process.emitWarning(`/metrics goes on with its old certificate: ${message}`, {
        code: 'METRICS_CERTIFICATE_NOT_RENEWED',
      });
    }
  };
}

/** Renewed files serve the next connection, which looks for them where no other has within a second. */
export function renewTlsFiles(server: Server, settings: TlsSettings, inUse: TlsPair): void {
  const look = onceASecond(watchTlsFiles(server, settings, inUse));
  // Before the server's own listener, which begins the handshake.
  server.prependListener('connection', () => look(monotonicMs()));
}

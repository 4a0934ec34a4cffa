/**
 * The metrics endpoint.
 *
 * In: a scrape.
 * Out: a page.
 * Must not know: calls.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import { type Config, ConfigError } from '../../../config/module.js';
import { assertPort, CodedError } from '../errors/index.js';
import type { Exposition } from './exposition.js';
import { answer } from './metrics-handler.js';

/** A running metrics server. */
export interface MetricsServer {
  /** Where Prometheus finds the metrics, for example `http://127.0.0.1:8000/metrics`. */
  readonly url: string;
  readonly port: number;
  /** True where this call found the server running and started none. */
  readonly alreadyRunning: boolean;
  /** Frees the port; scrapes in progress are cut off. */
  close(): Promise<void>;
}

/** The server could not start; its code is `ERR_PORT_IN_USE` where another program holds the port, else the system's own. */
export class MetricsServerError extends CodedError {
  override readonly name = 'MetricsServerError';
}

type Settings = Pick<
  Config,
  'METRICS_PORT' | 'METRICS_HOST' | 'METRICS_TOKEN' | 'METRICS_TLS_CERT_FILE' | 'METRICS_TLS_KEY_FILE'
>;

/** A scrape has ten seconds by default; a client that takes longer to ask or to read is cut off. */
const CLIENT_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 100;
function readTlsFile(name: 'METRICS_TLS_CERT_FILE' | 'METRICS_TLS_KEY_FILE', path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigError(`\`${name}\`: cannot read ${JSON.stringify(path)}: ${(cause as Error).message}`);
  }
}

function createServerFor(
  settings: Settings,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const { METRICS_TLS_CERT_FILE: certFile, METRICS_TLS_KEY_FILE: keyFile } = settings;
  if ((certFile === '') !== (keyFile === '')) {
    throw new ConfigError('`METRICS_TLS_CERT_FILE` and `METRICS_TLS_KEY_FILE`: expected both or neither');
  }
  const limits = { headersTimeout: CLIENT_TIMEOUT_MS, requestTimeout: CLIENT_TIMEOUT_MS, maxHeaderSize: 8192 };
  const server = certFile
    ? createTlsServer(
        {
          ...limits,
          cert: readTlsFile('METRICS_TLS_CERT_FILE', certFile),
          key: readTlsFile('METRICS_TLS_KEY_FILE', keyFile),
        },
        onRequest,
      )
    : createServer(limits, onRequest);
  server.maxConnections = MAX_CONNECTIONS;
  // Also for a client that reads its answer too slowly.
  server.setTimeout(CLIENT_TIMEOUT_MS, (socket) => socket.destroy());
  return server;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(explain(cause, port, host)));
    server.listen(port, host, resolve);
  });
}

function explain(cause: NodeJS.ErrnoException, port: number, host: string): MetricsServerError {
  if (cause.code === 'EADDRINUSE') {
    const message = `port ${port} on ${host} is held by another program: stop it, or set METRICS_PORT to a free port`;
    return new MetricsServerError(message, 'ERR_PORT_IN_USE', { cause });
  }
  const message = `cannot listen on ${host}:${port} (${cause.code}): check METRICS_HOST and METRICS_PORT`;
  return new MetricsServerError(message, cause.code ?? 'ERR_LISTEN', { cause });
}

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function warnIfOpen({ METRICS_HOST: host, METRICS_TOKEN: token }: Settings, port: number): void {
  if (isLoopback(host) || token !== '') return;
  const message = `/metrics listens on ${host}:${port} without a token: everybody who reaches this machine can read it; set METRICS_TOKEN`;
  process.emitWarning(message, { code: 'METRICS_WITHOUT_TOKEN' });
}

const hostInUrl = (host: string) =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : isIP(host) === 6 ? `[${host}]` : host;

async function start(
  port: number,
  settings: Settings,
  exposition: Exposition,
  onClose: () => void,
): Promise<MetricsServer> {
  const host = settings.METRICS_HOST;
  const server = createServerFor(
    settings,
    (request, response) => void answer(request, response, exposition, settings.METRICS_TOKEN),
  );
  await listen(server, port, host);
  server.unref();
  const { port: boundPort } = server.address() as AddressInfo;
  warnIfOpen(settings, boundPort);
  const scheme = settings.METRICS_TLS_CERT_FILE ? 'https' : 'http';
  const close = () =>
    new Promise<void>((resolve) => {
      onClose();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `${scheme}://${hostInUrl(host)}:${boundPort}/metrics`, port: boundPort, alreadyRunning: false, close };
}

/** See `startMetricsServer` of `index.ts`. */
export function createMetricsServerStarter(exposition: Exposition, settings: Settings) {
  const running = new Map<number, Promise<MetricsServer>>();
  return async (port: number = settings.METRICS_PORT): Promise<MetricsServer> => {
    assertPort('port', port);
    const known = running.get(port);
    if (known) return { ...(await known), alreadyRunning: true };
    const forget = () => {
      // A handle that is closed again must not forget the server that came after it.
      for (const [key, server] of running) if (server === starting) running.delete(key);
    };
    const starting = start(port, settings, exposition, forget);
    running.set(port, starting);
    try {
      const server = await starting;
      running.set(server.port, starting);
      return server;
    } catch (error) {
      forget();
      throw error;
    }
  };
}

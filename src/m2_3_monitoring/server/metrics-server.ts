/**
 * The metrics endpoint.
 *
 * In: a scrape.
 * Out: a page.
 * Must not know: calls.
 *
 * @module
 */

import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import type { Config } from '../../../config/module.js';
import { REFUSAL_REASONS, type RefusalReason } from '../metrics/catalogue.js';
import type { Metrics } from '../metrics/create-metrics.js';
import { isLoopbackAddress } from './access.js';
import { limitConnections } from './connections.js';
import type { Exposition } from './exposition.js';
import { LIMITS, type Limits } from './limits.js';
import { createHandler } from './metrics-handler.js';
import { ScrapesInFlight } from './scrapes-in-flight.js';
import { explainListenError } from './server-error.js';
import { readTlsFiles, renewTlsFiles } from './tls-files.js';

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

export type ServerSettings = Pick<
  Config,
  'METRICS_PORT' | 'METRICS_HOST' | 'METRICS_TOKEN' | 'METRICS_TLS_CERT_FILE' | 'METRICS_TLS_KEY_FILE'
>;

/** What is served, and how. */
export interface ServerParts {
  exposition: Exposition;
  metrics: Metrics;
  settings: ServerSettings;
  limits?: Limits;
}

function createServerFor(settings: ServerSettings, limits: Limits): Server {
  const options = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: 8192,
  };
  const pair = readTlsFiles(settings);
  if (!pair) return createServer(options);
  const server = createTlsServer({ ...options, ...pair, handshakeTimeout: limits.headersMs });
  renewTlsFiles(server, settings, pair);
  return server;
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(explainListenError(cause, port, host)));
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

function warnIfOpen(host: string, port: number): void {
  const message = `/metrics listens on ${host}:${port} without a token: everybody who reaches this machine can read it; set METRICS_TOKEN`;
  process.emitWarning(message, { code: 'METRICS_WITHOUT_TOKEN' });
}

/** Counts refused scrapes, and warns of the first that lacked the token. */
function createRefusalCounter({ scrapesRefused }: Metrics): (reason: RefusalReason, client: string) => void {
  for (const reason of REFUSAL_REASONS) scrapesRefused.inc({ reason }, 0);
  let hasWarned = false;
  return (reason, client) => {
    scrapesRefused.inc({ reason });
    if (reason !== 'unauthorized' || hasWarned) return;
    hasWarned = true;
    const message = `a scrape from ${client} was refused for want of the token; rag_scrapes_refused_total counts those that follow`;
    process.emitWarning(message, { code: 'METRICS_WRONG_TOKEN' });
  };
}

const hostInUrl = (host: string) =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : isIP(host) === 6 ? `[${host}]` : host;

/** Starts one that does not keep the process alive. */
export async function startServer(port: number, parts: ServerParts, onClose: () => void): Promise<MetricsServer> {
  const { exposition, metrics, settings, limits = LIMITS } = parts;
  const { METRICS_HOST: host, METRICS_TOKEN: token } = settings;
  const server = createServerFor(settings, limits);
  const { port: boundPort, address } = await listen(server, port, host);
  server.unref();
  const isLoopback = isLoopbackAddress(address);
  if (!isLoopback && token === '') warnIfOpen(host, boundPort);
  const closeConnections = limitConnections(server, limits.maxConnections);
  const onRefusal = createRefusalCounter(metrics);
  const inFlight = new ScrapesInFlight(limits);
  server.on(
    'request',
    createHandler({ exposition, inFlight, token, isLoopback, stalledMs: limits.stalledMs, onRefusal }),
  );
  const scheme = settings.METRICS_TLS_CERT_FILE ? 'https' : 'http';
  const close = () =>
    new Promise<void>((resolve) => {
      onClose();
      server.close(() => resolve());
      closeConnections();
    });
  return { url: `${scheme}://${hostInUrl(host)}:${boundPort}/metrics`, port: boundPort, alreadyRunning: false, close };
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { assertPort, CodedError } from '../m2_3_monitoring/errors/index.js';
import { REPOSITORY } from '../stack/index.js';
import { answer } from './answer.js';
import { loadAssets } from './assets.js';
import { createProxy } from './proxy.js';
import { sendError } from './reply.js';
import { parseUpstream } from './upstream.js';

export interface DashboardOptions {
  /** For example `http://127.0.0.1:9090`; may carry credentials and a path. */
  prometheusUrl: string;
  /** Shows what is silenced. Default: none. */
  alertmanagerUrl?: string;
  /** Default: 3300, or the next one that is free; 0 is any free one. */
  port?: number;
  /** Dashboard of Grafana, classic JSON. Default: the committed `grafana_dash.json`. */
  dashboardFile?: string;
}

/** The page, being served. */
export interface Dashboard {
  /** For example `http://127.0.0.1:3300/`. */
  readonly url: string;
  readonly port: number;
  /** Frees the port; requests in progress are cut off. A page does not keep its process alive. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const FIRST_PORT = 3300;
const TRIED_PORTS = 100;
const CLIENT_TIMEOUT_MS = 60_000;
const MAX_CONNECTIONS = 100;

const listenOnce = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });

function explain(cause: NodeJS.ErrnoException, port: number): CodedError {
  const inUse = cause.code === 'EADDRINUSE';
  const problem = inUse ? `port ${port} is held by another program` : `cannot listen on port ${port} (${cause.code})`;
  const code = inUse ? 'ERR_PORT_IN_USE' : (cause.code ?? 'ERR_LISTEN');
  return new CodedError(`${problem}: choose another with --port, or leave it out`, code, { cause });
}

async function listen(server: Server, wanted: number | undefined): Promise<void> {
  const last = wanted ?? FIRST_PORT + TRIED_PORTS - 1;
  for (let port = wanted ?? FIRST_PORT; ; port++) {
    try {
      return await listenOnce(server, port);
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      if (cause.code !== 'EADDRINUSE' || port >= last) throw explain(cause, port);
    }
  }
}

/**
 * Serves the dashboard page on the loopback address, with the data of a Prometheus that need not answer yet.
 * @throws {CodedError} where the port is held, an address is none, or the page is not built
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  if (options.port !== undefined) assertPort('port', options.port);
  const prometheus = parseUpstream('Prometheus', options.prometheusUrl);
  const alertmanager = options.alertmanagerUrl ? parseUpstream('Alertmanager', options.alertmanagerUrl) : undefined;
  const dashboardFile = options.dashboardFile ?? join(REPOSITORY, 'grafana_dash.json');
  const proxy = createProxy();
  const sources = { assets: await loadAssets(), dashboardFile, prometheus, alertmanager, proxy };
  const limits = { headersTimeout: CLIENT_TIMEOUT_MS, requestTimeout: CLIENT_TIMEOUT_MS, maxHeaderSize: 32_768 };
  const server = createServer(limits, (request, response) => {
    answer(request, response, sources).catch((error: Error) => sendError(response, 500, 'internal', error.message));
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(CLIENT_TIMEOUT_MS, (socket) => socket.destroy());
  await listen(server, options.port);
  server.unref();
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      proxy.close();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${HOST}:${port}/`, port, close };
}

import { join } from 'node:path';
import { type LoopbackServer, startLoopbackServer } from '../loopback/start-server.js';
import { assertPort, CodedError } from '../m2_3_monitoring/errors/index.js';
import { REPOSITORY } from '../stack/index.js';
import { answer } from './answer.js';
import { loadAssets } from './assets.js';
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

/** The page, being served; its `url` ends in a slash, and takes a query string. */
export type Dashboard = LoopbackServer;

const DEFAULT_PORTS = Array.from({ length: 100 }, (_, index) => 3300 + index);
const CLIENT_TIMEOUT_MS = 60_000;
const LIMITS = {
  clientTimeoutMs: CLIENT_TIMEOUT_MS,
  idleTimeoutMs: CLIENT_TIMEOUT_MS,
  maxConnections: 100,
  maxHeaderBytes: 32_768,
};

function explain(cause: NodeJS.ErrnoException & { port?: number }): CodedError {
  const inUse = cause.code === 'EADDRINUSE';
  const { port } = cause;
  const problem = inUse ? `port ${port} is held by another program` : `cannot listen on port ${port} (${cause.code})`;
  const code = inUse ? 'ERR_PORT_IN_USE' : (cause.code ?? 'ERR_LISTEN');
  return new CodedError(`${problem}: choose another with --port, or leave it out`, code, { cause });
}

/**
 * Serves the dashboard page on the loopback address, with the data of a Prometheus that need not answer yet.
 * @throws {CodedError} where the port is held, an address is none, or the page is not built
 */
export async function startDashboard({ port, ...options }: DashboardOptions): Promise<Dashboard> {
  if (port !== undefined) assertPort('port', port);
  const prometheus = parseUpstream('Prometheus', options.prometheusUrl);
  const alertmanager = options.alertmanagerUrl ? parseUpstream('Alertmanager', options.alertmanagerUrl) : undefined;
  const dashboardFile = options.dashboardFile ?? join(REPOSITORY, 'grafana_dash.json');
  const sources = { assets: await loadAssets(), dashboardFile, prometheus, alertmanager };
  const server = await startLoopbackServer(
    (request, response) => {
      answer(request, response, sources).catch((error: Error) => sendError(response, 500, 'internal', error.message));
    },
    { ...LIMITS, ports: port === undefined ? DEFAULT_PORTS : [port] },
  ).catch((error) => {
    throw explain(error);
  });
  return {
    ...server,
    url: `${server.url}/`,
    close: () => {
      for (const upstream of [prometheus, alertmanager]) upstream?.agent.destroy();
      return server.close();
    },
  };
}

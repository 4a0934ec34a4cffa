import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

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

/** The server could not start; the message names the setting that mends it. */
export class MetricsServerError extends Error {
  override readonly name = 'MetricsServerError';
  constructor(
    message: string,
    /** `ERR_PORT_IN_USE` where another program holds the port, else the system's own code. */
    readonly code: string,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What is served: the exposition and its content type. */
export interface Exposition {
  contentType: string;
  render(): Promise<string>;
}

const INDEX_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>RAG metrics</title></head>
<body><h1>RAG metrics</h1><ul><li><a href="/metrics">/metrics</a>: what Prometheus scrapes</li>
<li><a href="/health">/health</a>: whether this process answers</li></ul></body></html>
`;

type Page = { status: number; type: string; body: string };

const plain = (status: number, body: string): Page => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

async function metricsPage(exposition: Exposition): Promise<Page> {
  try {
    return { status: 200, type: exposition.contentType, body: await exposition.render() };
  } catch (error) {
    // Not 200: Prometheus then sets up to 0, and the gap is seen instead of guessed.
    return plain(500, `the metrics could not be collected: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function pageFor(request: IncomingMessage, exposition: Exposition): Promise<Page> {
  const path = (request.url ?? '/').split('?')[0];
  if (!['/', '/metrics', '/health'].includes(path ?? '')) return plain(404, 'not found; the metrics are at /metrics');
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET and HEAD are answered');
  if (path === '/metrics') return metricsPage(exposition);
  if (path === '/health') return { status: 200, type: 'application/json', body: '{"status":"ok"}\n' };
  return { status: 200, type: 'text/html; charset=utf-8', body: INDEX_PAGE };
}

async function answer(request: IncomingMessage, response: ServerResponse, exposition: Exposition): Promise<void> {
  const { status, type, body } = await pageFor(request, exposition);
  const allow = status === 405 ? { Allow: 'GET, HEAD' } : {};
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...allow });
  response.end(request.method === 'HEAD' ? undefined : body);
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

async function start(port: number, host: string, exposition: Exposition, onClose: () => void): Promise<MetricsServer> {
  const server = createServer((request, response) => void answer(request, response, exposition));
  await listen(server, port, host);
  server.unref();
  const { port: boundPort } = server.address() as AddressInfo;
  const urlHost = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const close = () =>
    new Promise<void>((resolve) => {
      onClose();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${urlHost}:${boundPort}/metrics`, port: boundPort, alreadyRunning: false, close };
}

function assertPort(port: unknown): asserts port is number {
  if (Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65535) return;
  throw new TypeError(`\`port\`: expected an integer from 0 to 65535, got ${JSON.stringify(port)} (${typeof port})`);
}

/** See `startMetricsServer` of `index.ts`. */
export function createMetricsServerStarter(exposition: Exposition, defaults: { port: number; host: string }) {
  const running = new Map<number, Promise<MetricsServer>>();
  return async (port: number = defaults.port): Promise<MetricsServer> => {
    assertPort(port);
    const known = running.get(port);
    if (known) return { ...(await known), alreadyRunning: true };
    const starting = start(port, defaults.host, exposition, () => running.delete(port));
    running.set(port, starting);
    starting.catch(() => running.delete(port));
    return starting;
  };
}

import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** A server on the loopback address in front of a program that lets in only those who know its password. */
export interface Gate {
  /** For example `http://127.0.0.1:9090`. */
  url: string;
  close(): Promise<void>;
}

interface GateOptions {
  /** What stands behind it, for the answer when that is not running. */
  name: string;
  port: number;
  /** `http://127.0.0.1:PORT`. */
  upstream: string;
  /** The value of the header `Authorization` that the program asks for. */
  authorization: string;
}

const LOCAL_NAME = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;
const LOCAL_ORIGIN = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/**
 * Whether a page of another site sends a request: by a name of its own that leads here (DNS rebinding), from a script, or from
 * a form. A link elsewhere may lead to the program's own pages.
 */
function isForeign({ headers, method }: IncomingMessage): boolean {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  if (!LOCAL_NAME.test(host) || (origin !== undefined && !LOCAL_ORIGIN.test(origin))) return true;
  return site === 'cross-site' && !(method === 'GET' && mode === 'navigate');
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}

function forward(request: IncomingMessage, response: ServerResponse, options: GateOptions): void {
  const { name, upstream, authorization } = options;
  const headers = { ...request.headers, host: new URL(upstream).host, authorization };
  const gone = () => refuse(response, 502, `${name} is not running: npm run stack -- status`);
  const passedOn = send(upstream + request.url, { method: request.method, headers }, (answer) => {
    // Alertmanager allows every origin to read its answers.
    const { 'access-control-allow-origin': origin, ...given } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, {
      ...given,
      ...(origin && origin !== '*' && { 'access-control-allow-origin': origin }),
    });
    pipeline(answer, response, () => undefined);
  });
  passedOn.once('error', gone);
  response.once('close', () => passedOn.destroy());
  pipeline(request, passedOn, () => undefined);
}

/**
 * Starts it. Programs of this machine and pages of this machine get through without a password; pages of other sites do not:
 * Alertmanager would let any of them silence all alerts.
 */
export async function startGate(options: GateOptions): Promise<Gate> {
  const server = createServer((request, response) => {
    if (isForeign(request)) refuse(response, 403, 'other sites may not use this server');
    else forward(request, response, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

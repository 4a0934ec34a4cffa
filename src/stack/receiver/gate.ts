import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { pipeline } from 'node:stream';
import { isCrossSite, isForLoopback } from '../../loopback/request.js';
import { type LoopbackServer, startLoopbackServer } from '../../loopback/start-server.js';

interface GateOptions {
  /** What stands behind it, for the answer when that is not running. */
  name: string;
  port: number;
  /** `http://127.0.0.1:PORT`. */
  upstream: string;
  /** The value of the header `Authorization` that the program asks for. */
  authorization: string;
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

/** A long query takes its time, and a page of Prometheus opens many connections. */
const LIMITS = { clientTimeoutMs: 60_000, maxConnections: 200, maxHeaderBytes: 32_768 };

/**
 * Starts a server on the loopback address in front of a program that lets in only those who know its password. Programs of
 * this machine and pages of this machine get through without a password; pages of other sites do not: Alertmanager would let
 * any of them silence all alerts.
 */
export const startGate = (options: GateOptions): Promise<LoopbackServer> =>
  startLoopbackServer(
    (request, response) => {
      if (!isForLoopback(request) || isCrossSite(request)) refuse(response, 403, 'other sites may not use this server');
      else forward(request, response, options);
    },
    { ...LIMITS, ports: [options.port] },
  );

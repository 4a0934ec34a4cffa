import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a route answers: status and JSON. */
export interface Answer {
  status: number;
  body: unknown;
}

/** Takes the request's JSON (undefined for GET) and its bearer token. */
export type Route = (body: unknown, token: string | undefined) => Answer | Promise<Answer>;

/** A small HTTP server on the loopback address, which does not keep the process alive. */
export interface LoopbackService {
  url: string;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1_000_000;
const CLIENT_TIMEOUT_MS = 10_000;

const problem = (status: number, error: string): Answer => ({ status, body: { error } });

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function answerPost(request: IncomingMessage, route: Route, token: string | undefined): Promise<Answer> {
  // A web page cannot send this type to another origin without asking first, and is not answered.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return problem(415, 'expected JSON');
  const text = await readBody(request);
  if (text === undefined) return problem(413, `expected at most ${MAX_BODY_BYTES} bytes`);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return problem(400, 'the JSON is malformed');
  }
  return route(body, token);
}

async function answer(request: IncomingMessage, routes: Record<string, Route>): Promise<Answer> {
  // Another name is a web page's that was made to lead here.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return problem(403, 'unknown host');
  const route = routes[`${request.method} ${request.url}`];
  if (!route) return problem(404, 'not found');
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return request.method === 'POST' ? answerPost(request, route, token) : route(undefined, token);
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Record<string, Route>,
  onProblem: (line: string) => void,
): Promise<void> {
  const { status, body } = await answer(request, routes).catch((error: Error) => problem(500, error.message));
  if (status >= 400) onProblem(`${request.method} ${request.url} was answered ${status}: ${JSON.stringify(body)}`);
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
  response.end(JSON.stringify(body));
}

/** Starts it on any free port. `onProblem` is given a line for each request that was refused. */
export async function startLoopbackService(
  routes: Record<string, Route>,
  onProblem: (line: string) => void,
): Promise<LoopbackService> {
  const limits = { headersTimeout: CLIENT_TIMEOUT_MS, requestTimeout: CLIENT_TIMEOUT_MS, maxHeaderSize: 8192 };
  const server = createServer(limits, (request, response) => void respond(request, response, routes, onProblem));
  server.maxConnections = 50;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
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

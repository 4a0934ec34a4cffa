import type { IncomingMessage } from 'node:http';
import { isCrossSite, isForLoopback, readBody } from '../../loopback/request.js';
import { type LoopbackServer, startLoopbackServer } from '../../loopback/start-server.js';

/** What a route answers: status and JSON. */
export interface Answer {
  status: number;
  body: unknown;
}

/** Takes the request's JSON (undefined for GET) and its bearer token. */
export type Route = (body: unknown, token: string | undefined) => Answer | Promise<Answer>;

const MAX_BODY_BYTES = 1_000_000;

const problem = (status: number, error: string): Answer => ({ status, body: { error } });

async function answerPost(request: IncomingMessage, route: Route, token: string | undefined): Promise<Answer> {
  // A web page cannot send this type to another origin without asking first, and is not answered.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return problem(415, 'expected JSON');
  const text = await readBody(request, MAX_BODY_BYTES);
  if (text === undefined) return problem(413, `expected at most ${MAX_BODY_BYTES} bytes`);
  let body: unknown;
  try {
    body = JSON.parse(text.toString('utf8'));
  } catch {
    return problem(400, 'the JSON is malformed');
  }
  return route(body, token);
}

async function answer(request: IncomingMessage, routes: Record<string, Route>): Promise<Answer> {
  if (!isForLoopback(request)) return problem(403, 'unknown host');
  if (isCrossSite(request)) return problem(403, 'other sites may not use this server');
  const route = routes[`${request.method} ${request.url}`];
  if (!route) return problem(404, 'not found');
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return request.method === 'POST' ? answerPost(request, route, token) : route(undefined, token);
}

/** Starts an HTTP server on any free port of the loopback address. `onProblem` is given a line for each refused request. */
export const startJsonService = (
  routes: Record<string, Route>,
  onProblem: (line: string) => void,
): Promise<LoopbackServer> =>
  startLoopbackServer(async (request, response) => {
    const { status, body } = await answer(request, routes).catch((error: Error) => problem(500, error.message));
    if (status >= 400) onProblem(`${request.method} ${request.url} was answered ${status}: ${JSON.stringify(body)}`);
    response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end(JSON.stringify(body));
  });

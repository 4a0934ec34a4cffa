import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { RefusalReason } from '../metrics/catalogue.js';
import { createTokenCheck, isLoopbackHost, readTarget } from './access.js';
import { type Answer, plain, sendAnswer } from './answer.js';
import type { MetricsSite } from './metrics-site.js';
import { createScrapeHandler } from './scrape-handler.js';

const INDEX_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>RAG metrics</title></head>
<body><h1>RAG metrics</h1><ul><li><a href="/metrics">/metrics</a>: what Prometheus scrapes</li>
<li><a href="/health">/health</a>: whether this process answers</li></ul></body></html>
`;

const PAGES: Record<string, Answer> = {
  '/': { status: 200, type: 'text/html; charset=utf-8', body: INDEX_PAGE },
  '/health': { status: 200, type: 'application/json', body: '{"status":"ok"}\n' },
};

const WRONG_HOST = plain(
  421,
  'this server listens on loopback, and answers to localhost, 127.0.0.1 and [::1]: for another name, set METRICS_HOST',
);
const NOT_FOUND = plain(404, 'not found; the metrics are at /metrics');
const WRONG_METHOD = plain(405, 'only GET and HEAD are answered', { Allow: 'GET, HEAD' });
const UNAUTHORIZED = plain(401, 'a bearer token is needed: METRICS_TOKEN', { 'WWW-Authenticate': 'Bearer' });
const TOO_MANY = plain(503, 'too many scrapes at a time', { 'Retry-After': '1' });

/** Answers the requests of a metrics server. */
export function createHandler(site: MetricsSite): RequestListener {
  const mayRead = createTokenCheck(site.token);
  const scrape = createScrapeHandler(site);

  const refuse = (answer: Answer, reason: RefusalReason, { socket }: IncomingMessage): Answer => {
    site.onRefusal(reason, socket.remoteAddress ?? 'a client that has gone');
    return answer;
  };

  /** The answer of a request that is none for the metrics, or does not get them. */
  const answerAtOnce = (request: IncomingMessage, response: ServerResponse): Answer | undefined => {
    const { host, path, isAbsolute } = readTarget(request);
    const isOurs = !site.isLoopback || isLoopbackHost(host);
    if (!isOurs && !isAbsolute) return refuse(WRONG_HOST, 'wrong_host', request);
    // This is no proxy: another host's page is not here.
    if (!isOurs) return NOT_FOUND;
    if (path !== '/metrics' && !Object.hasOwn(PAGES, path)) return NOT_FOUND;
    if (request.method !== 'GET' && request.method !== 'HEAD') return WRONG_METHOD;
    if (path !== '/metrics') return PAGES[path];
    if (!mayRead(request.headers)) return refuse(UNAUTHORIZED, 'unauthorized', request);
    if (!site.inFlight.admit(request.socket, response)) return refuse(TOO_MANY, 'too_many', request);
    return undefined;
  };

  return (request, response) => {
    const answer = answerAtOnce(request, response);
    if (answer) sendAnswer(request, response, answer);
    else void scrape(request, response);
  };
}

import { type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readBody } from '../loopback/request.js';
import { sendError } from './reply.js';
import { SECURITY_HEADERS } from './security.js';
import type { Upstream } from './upstream.js';

const MAX_REQUEST_BYTES = 64 * 1024;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Prometheus itself gives up on a query after two minutes; a reader of the page does not wait that long for a picture. */
const TIMEOUT_MS = 30_000;

function limitBytes(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > MAX_ANSWER_BYTES ? new Error('the answer is too long') : null, chunk);
    },
  });
}

const headersFor = ({ headers }: IncomingMessage, { authorization }: Upstream, body: Buffer) => ({
  Accept: 'application/json',
  'Accept-Encoding': headers['accept-encoding'] ?? 'identity',
  ...(authorization && { Authorization: authorization }),
  ...(body.length > 0 && {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': body.length,
  }),
});

/** A request to be passed on: `path` with its query string. */
interface Passed {
  upstream: Upstream;
  path: string;
  request: IncomingMessage;
  body: Buffer;
}

function ask({ upstream, path, request, body }: Passed, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, agent } = upstream;
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const options = { method: request.method, agent, headers: headersFor(request, upstream, body), signal };
  return new Promise((resolve, reject) => {
    send(url + path, options, resolve)
      .once('error', reject)
      .end(body);
  });
}

async function pass({ name, url }: Upstream, answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const { 'content-type': type = '', 'content-encoding': encoding, 'content-length': length } = answer.headers;
  if (!type.startsWith('application/json')) {
    answer.resume();
    const text = `${name} at ${url} answered ${answer.statusCode} ${answer.statusMessage ?? ''}`;
    return sendError(response, 502, 'bad_answer', `${text.trim()}, which is no answer of its API`);
  }
  response.writeHead(answer.statusCode ?? 502, {
    ...SECURITY_HEADERS,
    'Cache-Control': 'no-store',
    'Content-Type': type,
    ...(encoding && { 'Content-Encoding': encoding }),
    ...(length && { 'Content-Length': length }),
  });
  await pipeline(answer, limitBytes(), response);
}

/** Passes a request on and its answer through, unchanged; what is no answer becomes an error in Prometheus' form. */
export async function forward(
  upstream: Upstream,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, MAX_REQUEST_BYTES);
  if (!body) return sendError(response, 413, 'bad_data', `a query may have ${MAX_REQUEST_BYTES} bytes`);
  const gone = new AbortController();
  // A client that leaves also ends the query in Prometheus.
  response.once('close', () => gone.abort());
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = AbortSignal.any([gone.signal, timeout]);
  try {
    await pass(upstream, await ask({ upstream, path, request, body }, signal), response);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    const where = `${upstream.name} at ${upstream.url}`;
    if (timeout.aborted) return sendError(response, 504, 'timeout', `${where} took longer than ${TIMEOUT_MS / 1000} s`);
    sendError(response, 502, 'unreachable', `${where} does not answer (${reason})`);
  }
}

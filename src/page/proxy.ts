import { Agent as HttpAgent, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sendError } from './reply.js';
import { SECURITY_HEADERS } from './security.js';
import type { Upstream } from './upstream.js';

const MAX_REQUEST_BYTES = 64 * 1024;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Prometheus itself gives up on a query after two minutes; nobody waits that long for a picture. */
const TIMEOUT_MS = 30_000;

/** Reads a request's body; undefined where it is too long. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

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

/** Passes requests on and answers through, unchanged; what is no answer becomes an error in Prometheus' form. */
export function createProxy() {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

  function ask(upstream: Upstream, path: string, request: IncomingMessage, body: Buffer, signal: AbortSignal) {
    const url = upstream.url + path;
    const [send, agent] = url.startsWith('https:') ? [requestHttps, agents.https] : [requestHttp, agents.http];
    return new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method: request.method, agent, headers: headersFor(request, upstream, body), signal };
      send(url, options, resolve).once('error', reject).end(body);
    });
  }

  async function pass(upstream: Upstream, answer: IncomingMessage, response: ServerResponse): Promise<void> {
    const { 'content-type': type = '', 'content-encoding': encoding, 'content-length': length } = answer.headers;
    if (!type.startsWith('application/json')) {
      answer.resume();
      const text = `${upstream.name} at ${upstream.url} answered ${answer.statusCode} ${answer.statusMessage ?? ''}`;
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

  async function forward(upstream: Upstream, path: string, request: IncomingMessage, response: ServerResponse) {
    const body = await readBody(request);
    if (!body) return sendError(response, 413, 'bad_data', `a query may have ${MAX_REQUEST_BYTES} bytes`);
    const gone = new AbortController();
    // Whoever leaves also ends the query in Prometheus.
    response.once('close', () => gone.abort());
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      await pass(upstream, await ask(upstream, path, request, body, AbortSignal.any([gone.signal, timeout])), response);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      const where = `${upstream.name} at ${upstream.url}`;
      if (timeout.aborted)
        return sendError(response, 504, 'timeout', `${where} took longer than ${TIMEOUT_MS / 1000} s`);
      sendError(response, 502, 'unreachable', `${where} does not answer (${reason})`);
    }
  }

  return {
    forward,
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

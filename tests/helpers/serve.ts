import { type IncomingHttpHeaders, type RequestListener, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { type LoopbackServer, startLoopbackServer } from '../../src/loopback/start-server.js';

/** A server on the loopback address that is gone after the test. */
export async function serve(t: TestContext, answer: RequestListener, port = 0): Promise<LoopbackServer> {
  const server = await startLoopbackServer(answer, { ports: [port] });
  t.after(() => server.close());
  return server;
}

interface RawAnswer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The answer to a request with any path and any headers, unlike those of `fetch`. */
export const askRaw = (
  url: string,
  options: { path?: string; method?: string; headers?: Record<string, string> } = {},
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, options, async (response) => {
      resolve({ status: response.statusCode, headers: response.headers, body: await buffer(response) });
    });
    sent.once('error', reject).end();
  });

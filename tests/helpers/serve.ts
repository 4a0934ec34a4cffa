import type { RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import { type LoopbackServer, startLoopbackServer } from '../../src/loopback/start-server.js';

/** A server on the loopback address that is gone after the test. */
export async function serve(t: TestContext, answer: RequestListener, port = 0): Promise<LoopbackServer> {
  const server = await startLoopbackServer(answer, { ports: [port] });
  t.after(() => server.close());
  return server;
}

/**
 * Servers that only this machine reaches.
 *
 * In: requests, ports.
 * Out: an HTTP server on the loopback address, and what may be asked of it.
 * Must not know: what it answers.
 *
 * @module
 */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK } from './ports.js';

/** An HTTP server on the loopback address, which does not keep its process alive. */
export interface LoopbackServer {
  /** For example `http://127.0.0.1:3300`. */
  readonly url: string;
  readonly port: number;
  /** Frees the port; requests in progress are cut off. */
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** The first of these that is free. Default: any free one. */
  ports?: Iterable<number>;
  /** How long a client may take to send a request. Default: 10 s. */
  clientTimeoutMs?: number;
  /** A connection on which nothing has moved for so long is cut off. Default: none is. */
  idleTimeoutMs?: number;
  /** Default: 50. */
  maxConnections?: number;
  /** Of a request's headers. Default: 8192. */
  maxHeaderBytes?: number;
}

const listenOnce = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });

async function listen(server: Server, ports: Iterable<number>): Promise<void> {
  let held: unknown;
  for (const port of ports) {
    try {
      return await listenOnce(server, port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      held = error;
    }
  }
  throw held;
}

/** Starts a server. @throws the system's error, with its `code` and `port`, where it cannot listen */
export async function startLoopbackServer(
  answer: RequestListener,
  options: LoopbackOptions = {},
): Promise<LoopbackServer> {
  const { ports = [0], clientTimeoutMs = 10_000, idleTimeoutMs, maxConnections = 50, maxHeaderBytes = 8192 } = options;
  const limits = { headersTimeout: clientTimeoutMs, requestTimeout: clientTimeoutMs, maxHeaderSize: maxHeaderBytes };
  const server = createServer(limits, answer);
  server.maxConnections = maxConnections;
  if (idleTimeoutMs !== undefined) server.setTimeout(idleTimeoutMs, (socket) => socket.destroy());
  await listen(server, ports);
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

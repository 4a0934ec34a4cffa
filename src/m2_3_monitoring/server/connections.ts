import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Over TLS a request comes from another object than the connection: both have the client's address. */
const clientOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}|${remotePort}`;

/**
 * Keeps room for new connections. Where there are too many, the one is closed that has waited longest without a whole request:
 * a scrape sends its request at once, and connections that are held to keep others out wait longest.
 * @returns closes all of them, also those that have not begun to speak
 */
export function limitConnections(server: Server, max: number): () => void {
  const open = new Map<string, Socket>();
  /** Without a whole request; the oldest first. */
  const waiting = new Map<string, Socket>();
  const forget = (client: string) => {
    open.delete(client);
    waiting.delete(client);
  };

  server.on('connection', (socket) => {
    const client = clientOf(socket);
    open.set(client, socket);
    waiting.set(client, socket);
    socket.once('close', () => forget(client));
    if (open.size <= max) return;
    const [oldest = client] = waiting.keys();
    waiting.get(oldest)?.destroy();
    forget(oldest);
  });

  server.on('request', (request, response) => {
    const client = clientOf(request.socket);
    waiting.delete(client);
    response.once('close', () => {
      const socket = open.get(client);
      if (socket) waiting.set(client, socket);
    });
  });

  return () => {
    for (const socket of open.values()) socket.destroy();
  };
}

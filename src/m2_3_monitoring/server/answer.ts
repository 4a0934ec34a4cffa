import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A short answer. */
export interface Answer {
  status: number;
  type: string;
  body: string;
  headers?: OutgoingHttpHeaders;
}

export const plain = (status: number, body: string, headers: OutgoingHttpHeaders = {}): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
  headers,
});

/** A request's body is not read: the connection of a client that sends one ends with the answer. */
const endsConnection = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;

/** Writes status and headers. */
export function writeHead(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
): void {
  const connection = endsConnection(request.headers) ? { Connection: 'close' } : {};
  response.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...connection, ...headers });
}

export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body, headers }: Answer,
): void {
  const content = Buffer.from(body);
  writeHead(request, response, status, { 'Content-Type': type, 'Content-Length': content.length, ...headers });
  response.end(request.method === 'HEAD' ? undefined : content);
}

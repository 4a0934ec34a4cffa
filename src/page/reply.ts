import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptsGzip } from '../m2_3_monitoring/server/negotiation.js';
import { SECURITY_HEADERS } from './security.js';

/** A body that stays as it is for as long as the server runs: compressed once, and not sent again to a client that has it. */
export interface FixedBody {
  type: string;
  plain: Buffer;
  zipped: Buffer;
  tag: string;
}

const compress = promisify(gzip);

export async function fixedBody(type: string, plain: Buffer): Promise<FixedBody> {
  const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 20)}"`;
  return { type, plain, zipped: await compress(plain, { level: 9 }), tag };
}

const isKnownTo = ({ headers }: IncomingMessage, tag: string) =>
  (headers['if-none-match'] ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag);

export function sendFixed(request: IncomingMessage, response: ServerResponse, body: FixedBody): void {
  const headers = { ...SECURITY_HEADERS, 'Cache-Control': 'no-cache', ETag: body.tag, Vary: 'Accept-Encoding' };
  if (isKnownTo(request, body.tag)) return void response.writeHead(304, headers).end();
  const zips = acceptsGzip(request.headers);
  const content = zips ? body.zipped : body.plain;
  response.writeHead(200, {
    ...headers,
    'Content-Type': body.type,
    'Content-Length': content.length,
    ...(zips && { 'Content-Encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}

/** Data of the moment, which is kept in no cache. */
export function sendJson(response: ServerResponse, status: number, body: string, headers = {}): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    ...headers,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** An error in the form that Prometheus' own have. */
export const sendError = (response: ServerResponse, status: number, errorType: string, error: string, headers = {}) =>
  sendJson(response, status, JSON.stringify({ status: 'error', errorType, error }), headers);

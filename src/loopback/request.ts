import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';

const LOOPBACK_NAMES = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Whether a request calls the server by a name of the loopback address. A foreign name in `Host` is that of a web page which
 * was pointed at this machine (DNS rebinding): it could read everything. The port may differ, as behind a forwarded one.
 */
export const isForLoopback = ({ headers }: IncomingMessage): boolean => LOOPBACK_NAMES.test(headers.host ?? '');

/** A request's body; undefined where it has more than `maxBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whether the client would rather have an answer compressed with gzip. */
export const takesGzip = (request: IncomingMessage): boolean =>
  new Negotiator(request).encoding(['gzip', 'identity']) === 'gzip';

import type { IncomingMessage } from 'node:http';

const NAME = '(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::\\d+)?';
const LOOPBACK_NAME = new RegExp(`^${NAME}$`, 'i');
const LOOPBACK_ORIGIN = new RegExp(`^https?://${NAME}$`, 'i');

/**
 * Whether a request calls the server by a name of the loopback address. A foreign name in `Host` is that of a web page which
 * was pointed at this machine (DNS rebinding): it could read everything. The port may differ, as behind a forwarded one.
 */
export const isForLoopback = ({ headers }: IncomingMessage): boolean => LOOPBACK_NAME.test(headers.host ?? '');

/**
 * Whether a script or a form of a page elsewhere has sent a request, by what a browser says about it. A link elsewhere may
 * lead to a server's own pages.
 */
export function isCrossSite({ headers, method }: IncomingMessage): boolean {
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  if (origin !== undefined && !LOOPBACK_ORIGIN.test(origin)) return true;
  return site === 'cross-site' && !(method === 'GET' && mode === 'navigate');
}

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

import type { IncomingMessage } from 'node:http';

// Style attributes alone may be inline: a chart library sets them in the markup of its tooltips. Nothing comes from outside.
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sent with every answer. */
export const SECURITY_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const LOCAL_NAMES = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Why a request is not for us; undefined where it is. A foreign name in `Host` is a page elsewhere whose name was pointed
 * at this machine (DNS rebinding): it could read everything. The port may differ, as behind a forwarded one.
 */
export function refusal({ headers, method }: IncomingMessage): string | undefined {
  if (!LOCAL_NAMES.test(headers.host ?? '')) return 'the page answers only under localhost and 127.0.0.1';
  // A link elsewhere may lead to the page; a script or a form elsewhere has no business with its data.
  const isLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  if (headers['sec-fetch-site'] === 'cross-site' && !isLink) return 'other sites may not read the page';
  return undefined;
}

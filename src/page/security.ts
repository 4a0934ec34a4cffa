import type { IncomingMessage } from 'node:http';
import { isCrossSite, isForLoopback } from '../loopback/request.js';

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

/** Why a request is refused; undefined where it is not. */
export function refusal(request: IncomingMessage): string | undefined {
  if (!isForLoopback(request)) return 'the page answers only under localhost and 127.0.0.1';
  if (isCrossSite(request)) return 'other sites may not read the page';
  return undefined;
}

import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';

/** A text form of the metrics. */
export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPES: Record<Format, string> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Prometheus 3 says how names are to be escaped that are not `[a-zA-Z0-9_:]`. There are none: every way is right. */
const ESCAPING = /;\s*escaping=[^;,\s]*/gi;

/** OpenMetrics where the client asks for its version 1.0.0, or for any, and prefers it; else text, also where it accepts neither. */
export function negotiateFormat({ accept = '*/*' }: IncomingHttpHeaders): Format {
  const negotiator = new Negotiator({ headers: { accept: accept.replace(ESCAPING, '') } });
  return negotiator.mediaType(Object.values(CONTENT_TYPES)) === CONTENT_TYPES.openmetrics ? 'openmetrics' : 'text';
}

export const acceptsGzip = (headers: IncomingHttpHeaders): boolean =>
  new Negotiator({ headers }).encoding(['gzip', 'identity']) === 'gzip';

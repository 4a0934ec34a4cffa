import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { CodedError } from '../m2_3_monitoring/errors/index.js';

/** A server whose answers the page shows. */
export interface Upstream {
  name: 'Prometheus' | 'Alertmanager';
  /** Without credentials and without a slash at the end, for example `http://127.0.0.1:9090`. */
  url: string;
  /** Value of the `Authorization` header; from the credentials of the URL that was given. */
  authorization?: string;
  /** Keeps connections to it open. */
  agent: HttpAgent | HttpsAgent;
}

/** @throws {CodedError} `ERR_BAD_URL` */
export function parseUpstream(name: Upstream['name'], text: string): Upstream {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    const example = name === 'Prometheus' ? 'http://127.0.0.1:9090' : 'http://127.0.0.1:9093';
    const message = `the address of ${name} is no http or https URL: ${JSON.stringify(text)}; a right one is ${example}`;
    throw new CodedError(message, 'ERR_BAD_URL');
  }
  const credentials = [url.username, url.password].map(decodeURIComponent).join(':');
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return {
    name,
    url: url.origin + url.pathname.replace(/\/+$/, ''),
    ...(credentials !== ':' && { authorization }),
    agent: new (url.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true }),
  };
}

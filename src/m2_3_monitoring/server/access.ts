import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether an IP address is reached from this machine only. */
export const isLoopbackAddress = (address: string): boolean =>
  isIP(address) !== 0 && loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** A request's host, without its port, and its path, without its query. */
export interface Target {
  host: string | undefined;
  path: string;
  /** Asked for as one asks a proxy: with the whole address. */
  isAbsolute: boolean;
}

/** Reads the target of a request; one in absolute form, as proxies send it, wins over the header `Host`. */
export function readTarget({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): Target {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  const authority = absolute?.[1] ?? headers.host;
  const [path = ''] = (absolute?.[2] ?? url).split(/[?#]/);
  return {
    host: authority?.replace(/^.*@/, '').replace(/:\d*$/, ''),
    path: path || '/',
    isAbsolute: absolute !== null,
  };
}

/** Names that no web page can have made to lead here: those of loopback, and those that containers call this machine by. */
const LOOPBACK_NAME = /^(.+\.)?localhost\.?$|^host\.[a-z0-9-]+\.internal\.?$/i;

/**
 * A server that listens on loopback answers to names of loopback only: a web page of another name, which its owner has made to
 * lead to 127.0.0.1, could otherwise read it (DNS rebinding). Browsers always send a host.
 */
export const isLoopbackHost = (host: string | undefined): boolean =>
  host === undefined || LOOPBACK_NAME.test(host) || isLoopbackAddress(host.replace(/^\[(.*)\]$/, '$1'));

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Gives a check for the bearer token. Digests of one length are compared in constant time: it cannot be guessed letter by letter. */
export function createTokenCheck(token: string): (headers: IncomingHttpHeaders) => boolean {
  if (token === '') return () => true;
  const expected = digest(token);
  return ({ authorization = '' }) => {
    const given = /^bearer (.*)$/i.exec(authorization)?.[1] ?? '';
    return timingSafeEqual(digest(given), expected);
  };
}

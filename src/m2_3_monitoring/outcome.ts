import type { Status } from './catalogue.js';
import { isObject, peek } from './safe-read.js';

const TIMEOUT_CODES = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** The global fetch hides the reason in `cause`, under a "fetch failed". */
const CAUSES_TO_FOLLOW = 3;

/**
 * The outcome that an error stands for. Reads `name`, `status` and `code`, as fetch, Node and the OpenAI and Anthropic
 * clients set them, so that no client has to be imported.
 */
export function statusOfError(error: unknown): Status {
  const type = errorType(error);
  // The Vercel AI SDK wraps what made it give up.
  const last = peek(error, 'lastError');
  if (type === 'AI_RetryError' && isObject(last)) return statusOfError(last);
  if (type === 'AbortError' || type === 'APIUserAbortError') return 'aborted';
  if (type === 'RateLimitError' || [peek(error, 'status'), peek(error, 'statusCode')].includes(429))
    return 'rate_limited';
  if (peek(error, 'code') === 'rate_limit_exceeded') return 'rate_limited';
  if (type === 'TimeoutError' || type === 'APIConnectionTimeoutError') return 'timeout';
  return isTimeout(error, CAUSES_TO_FOLLOW) ? 'timeout' : 'error';
}

function isTimeout(error: unknown, depth: number): boolean {
  const code = peek(error, 'code');
  if (typeof code === 'string' && TIMEOUT_CODES.has(code)) return true;
  const cause = peek(error, 'cause');
  return depth > 0 && isObject(cause) && isTimeout(cause, depth - 1);
}

const isIdentifier = (name: unknown): name is string =>
  typeof name === 'string' && /^[A-Za-z_$][\w$]{0,63}$/.test(name);

/** A bounded name for what was thrown: the error's `name`, or its class where that says more, or `NonError`. */
export function errorType(error: unknown): string {
  const name = peek(error, 'name');
  const className = peek(peek(error, 'constructor'), 'name');
  if (isIdentifier(name) && name !== 'Error') return name;
  if (isIdentifier(className) && className !== 'Object' && typeof error === 'object') return className;
  return isIdentifier(name) ? name : 'NonError';
}

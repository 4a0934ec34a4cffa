import type { Status } from './catalogue.js';

function read(error: unknown, key: string): unknown {
  try {
    return (error as Record<string, unknown> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}

const TIMEOUT_CODES = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/**
 * The outcome that an error stands for. Reads `name`, `status` and `code`, as fetch, Node and the OpenAI and Anthropic
 * clients set them, so that no client has to be imported.
 */
export function statusOfError(error: unknown): Status {
  const type = errorType(error);
  if (type === 'AbortError' || type === 'APIUserAbortError') return 'aborted';
  if (type === 'RateLimitError' || read(error, 'status') === 429) return 'rate_limited';
  if (type === 'TimeoutError' || type === 'APIConnectionTimeoutError') return 'timeout';
  return TIMEOUT_CODES.has(String(read(error, 'code'))) ? 'timeout' : 'error';
}

const isIdentifier = (name: unknown): name is string =>
  typeof name === 'string' && /^[A-Za-z_$][\w$]{0,63}$/.test(name);

/** A bounded name for what was thrown: the error's `name`, or its class where that says more, or `NonError`. */
export function errorType(error: unknown): string {
  const name = read(error, 'name');
  const className = read(read(error, 'constructor'), 'name');
  if (isIdentifier(name) && name !== 'Error') return name;
  if (isIdentifier(className) && className !== 'Object' && typeof error === 'object') return className;
  return isIdentifier(name) ? name : 'NonError';
}

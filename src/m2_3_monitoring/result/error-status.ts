import { isObject, peek } from '../interop/safe-read.js';
import type { Status } from '../metrics/catalogue.js';

const TIMEOUT_CODES = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** The global fetch hides the reason in `cause`, under a "fetch failed". */
const CAUSES_TO_FOLLOW = 3;

/** What the names of errors say by themselves. */
const STATUS_BY_TYPE = new Map<string, Status>([
  ['AbortError', 'aborted'],
  ['APIUserAbortError', 'aborted'],
  ['RateLimitError', 'rate_limited'],
  ['ThrottlingException', 'rate_limited'],
  ['TooManyRequestsException', 'rate_limited'],
  ['ServiceQuotaExceededException', 'rate_limited'],
  ['TimeoutError', 'timeout'],
  ['APIConnectionTimeoutError', 'timeout'],
]);

/**
 * The outcome that an error stands for. Reads `name`, `status` and `code`, as fetch, Node and the OpenAI and Anthropic
 * clients set them, so that no client has to be imported.
 */
export function statusOfError(error: unknown, type = errorType(error)): Status {
  // The Vercel AI SDK wraps what made it give up.
  const last = type === 'AI_RetryError' ? peek(error, 'lastError') : undefined;
  if (isObject(last)) return statusOfError(last);
  return STATUS_BY_TYPE.get(type) ?? statusByFields(error);
}

interface ErrorFields {
  status?: unknown;
  statusCode?: unknown;
  status_code?: unknown;
  $metadata?: unknown;
  response?: unknown;
  code?: unknown;
  cause?: unknown;
}

/** The HTTP status that an error carries, where the clients of providers keep it. */
const httpStatusOf = (error: unknown): unknown =>
  peek(error, 'status') ??
  peek(error, 'statusCode') ??
  peek(error, 'status_code') ??
  peek(peek(error, '$metadata'), 'httpStatusCode') ??
  peek(peek(error, 'response'), 'status');

/** Whether an error has none of the fields that say more than its name: most have none, and need no closer look. */
function isBare(error: unknown): boolean {
  try {
    const { status, statusCode, status_code, $metadata, response, code, cause } = error as ErrorFields;
    return (status ?? statusCode ?? status_code ?? $metadata ?? response ?? code ?? cause) === undefined;
  } catch {
    return false;
  }
}

function statusByFields(error: unknown): Status {
  if (isBare(error)) return 'error';
  const code = peek(error, 'code');
  if (httpStatusOf(error) === 429 || code === 'rate_limit_exceeded') return 'rate_limited';
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

/** As `peek`, in a quarter of the time: the key is in the code. */
function nameOf(value: unknown): unknown {
  try {
    return (value as { name?: unknown } | null | undefined)?.name;
  } catch {
    return undefined;
  }
}

/** A bounded name for what was thrown: the error's `name`, or its class where that says more, or `NonError`. */
export function errorType(error: unknown): string {
  const name = nameOf(error);
  if (name !== 'Error' && isIdentifier(name)) return name;
  const owner = peek(error, 'constructor');
  // Of the commonest class the name is known: V8 has to ask for it.
  const className = owner === Error ? 'Error' : nameOf(owner);
  if (typeof error === 'object' && className !== 'Object' && isIdentifier(className)) return className;
  return isIdentifier(name) ? name : 'NonError';
}

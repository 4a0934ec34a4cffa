// Not by the index of that room, which cannot be bundled for a browser.
import { CodedError } from '../m2_3_monitoring/errors/coded-error.js';

/** A server of the Prometheus project has answered with an error: its message is the server's own. */
export class PrometheusError extends CodedError {
  override readonly name = 'PrometheusError';
  constructor(
    message: string,
    /** For example `bad_data` for an expression that is no PromQL; undefined where the answer names none. */
    readonly errorType?: string,
  ) {
    super(message, 'ERR_PROMETHEUS');
  }
}

export interface RequestOptions {
  /** Ends the request. */
  signal?: AbortSignal;
  /** Default: 20 s. */
  timeoutMs?: number;
}

function errorOf(text: string, status: number): PrometheusError {
  let body: { error?: unknown; errorType?: string } = {};
  try {
    body = JSON.parse(text) ?? {};
  } catch {
    // The text is the message.
  }
  return new PrometheusError(
    String(body.error ?? (text.trim().slice(0, 1000) || `HTTP status ${status}`)),
    body.errorType,
  );
}

/**
 * The text of an answer; with a form it is sent by POST, which has no limit on its length as an address has.
 * @throws {PrometheusError} with the server's own message
 * @throws what `fetch` throws where nothing answers
 */
export async function requestText(
  url: string,
  { signal, timeoutMs = 20_000 }: RequestOptions = {},
  form?: URLSearchParams,
): Promise<string> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const response = await fetch(url, { signal: bounded, ...(form && { method: 'POST', body: form }) });
  const text = await response.text().catch(() => {
    bounded.throwIfAborted();
    throw new PrometheusError('the answer broke off: it may be too long');
  });
  if (!response.ok) throw errorOf(text, response.status);
  return text;
}

/** Whether Prometheus, or Alertmanager, is ready to serve. */
export const isReady = (url: string): Promise<boolean> =>
  requestText(`${url}/-/ready`, { timeoutMs: 5000 }).then(
    () => true,
    () => false,
  );

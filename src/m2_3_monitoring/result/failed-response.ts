import { isObject } from '../interop/safe-read.js';

interface Response {
  object?: unknown;
  status?: unknown;
  error?: unknown;
}

/** The error of a response of OpenAI's Responses API that failed without being thrown; undefined for all else. */
export function findFailure(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  try {
    const event = value as { type?: unknown; response?: unknown };
    const response = (event.type === 'response.failed' ? event.response : value) as Response;
    if (response?.object !== 'response' || response.status !== 'failed') return undefined;
    return response.error ?? new Error('the response failed');
  } catch {
    return undefined;
  }
}

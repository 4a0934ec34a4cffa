/** Response headers, as fetch gives them. */
export interface HeadersLike {
  get(name: string): string | null;
}

export interface RateLimitState {
  /** Requests still allowed in the window. */
  remainingRequests?: number;
  /** Milliseconds until the window is over. */
  resetMs?: number;
  /** Milliseconds to wait before the next attempt. */
  retryAfterMs?: number;
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's durations, as OpenAI sends them (`1s`, `6m0s`, `12ms`), or whole seconds, as Azure does; milliseconds. */
function durationMs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
}

/** A count of requests; -1, Azure's word for "unknown", and what does not parse are nothing. */
function requestCount(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

/** Milliseconds until a date; undefined where it is none. */
function untilMs(text: string, nowMs: number): number | undefined {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

function resetMs(text: string | null, nowMs: number): number | undefined {
  if (text === null) return undefined;
  // Anthropic sends a time of day (RFC 3339).
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return untilMs(text, nowMs);
  return durationMs(text);
}

/** Reads the headers of OpenAI, Azure and Anthropic. What is missing, unknown or malformed is left out. Never throws. */
export function readRateLimitHeaders(headers: HeadersLike, nowMs: number): RateLimitState {
  const remaining =
    headers.get('x-ratelimit-remaining-requests') ?? headers.get('anthropic-ratelimit-requests-remaining');
  const reset = headers.get('x-ratelimit-reset-requests') ?? headers.get('anthropic-ratelimit-requests-reset');
  const retryAfterMs = headers.get('retry-after-ms');
  const retryAfter = headers.get('retry-after');
  return {
    remainingRequests: requestCount(remaining),
    resetMs: resetMs(reset, nowMs),
    retryAfterMs:
      requestCount(retryAfterMs) ??
      (retryAfter === null ? undefined : (durationMs(retryAfter) ?? untilMs(retryAfter, nowMs))),
  };
}

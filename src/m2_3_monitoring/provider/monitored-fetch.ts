/**
 * A provider's HTTP attempts and limits, and lookups in caches.
 *
 * In: HTTP attempts, headers, cache lookups.
 * Out: counts and limits.
 * Must not know: calls.
 *
 * @module
 */

import { assertText } from '../errors/index.js';
import type { Drop } from '../metrics/catalogue.js';
import { STATUSES, type Status } from '../metrics/catalogue.js';
import type { Metrics } from '../metrics/create-metrics.js';
import { statusOfError } from '../result/error-status.js';
import { readRateLimitHeaders } from './rate-limit-headers.js';
import type { RateLimit } from './track-rate-limit.js';

type Fetch = typeof globalThis.fetch;

export interface MonitoredFetchOptions {
  /** Value of the label `provider`. */
  provider: string;
  /** What asks. Default: the global `fetch`. */
  fetch?: Fetch;
}

interface Recording {
  metrics: Metrics;
  drop: Drop;
  trackRateLimit(limit: RateLimit): void;
  trackRateLimitHit(limit: Pick<RateLimit, 'provider'>): void;
  wallClock: () => number;
}

function outcomeOf({ ok, status }: Response): Status {
  if (ok) return 'success';
  if (status === 429) return 'rate_limited';
  return status === 408 || status === 504 ? 'timeout' : 'error';
}

/** See `monitoredFetch` of `index.ts`. */
export function createMonitoredFetch({ metrics, drop, trackRateLimit, trackRateLimitHit, wallClock }: Recording) {
  const record = (provider: string, response: Response): void => {
    const status = outcomeOf(response);
    metrics.attempts.inc({ provider, status });
    if (status === 'rate_limited') trackRateLimitHit({ provider });
    const { remainingRequests, resetMs } = readRateLimitHeaders(response.headers, wallClock());
    if (remainingRequests !== undefined) trackRateLimit({ provider, remaining: remainingRequests, resetMs });
  };
  return ({ provider, fetch = globalThis.fetch }: MonitoredFetchOptions): Fetch => {
    assertText('provider', provider);
    for (const status of STATUSES) metrics.attempts.inc({ provider, status }, 0);
    metrics.rateLimitHits.inc({ provider }, 0);
    const recordSafely = (response: Response): void => {
      try {
        record(provider, response);
      } catch {
        drop('fetch', 'refused');
      }
    };
    return async (...request) => {
      let response: Response;
      try {
        response = await fetch(...request);
      } catch (error) {
        metrics.attempts.inc({ provider, status: statusOfError(error) });
        throw error;
      }
      recordSafely(response);
      return response;
    };
  };
}

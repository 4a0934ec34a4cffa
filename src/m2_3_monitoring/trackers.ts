import type { Drop, Metrics } from './metrics.js';

/** How a cache lookup went. */
export interface CacheOperation {
  hit: boolean;
  /** Which cache. Default: `semantic`. */
  cacheType?: string;
}

/** What a provider's response headers said. */
export interface RateLimit {
  provider: string;
  /** Requests still allowed in the window. A provider's sentinel for "unknown" (-1) is dropped. */
  remaining: number;
}

/** See the functions of the same names in `index.ts`. */
export function createTrackers(metrics: Metrics, drop: Drop) {
  const lookups = new Map<string, { hits: number; total: number }>();

  function lookupsOf(cacheType: string) {
    const known = lookups.get(cacheType);
    if (known) return known;
    const fresh = { hits: 0, total: 0 };
    lookups.set(cacheType, fresh);
    for (const counter of [metrics.cacheHits, metrics.cacheMisses]) counter.inc({ cache_type: cacheType }, 0);
    return fresh;
  }

  function trackCacheOperation({ hit, cacheType = 'semantic' }: CacheOperation): void {
    const seen = lookupsOf(cacheType);
    seen.total += 1;
    if (hit) seen.hits += 1;
    (hit ? metrics.cacheHits : metrics.cacheMisses).inc({ cache_type: cacheType });
    metrics.cacheHitRate.set({ cache_type: cacheType }, seen.hits / seen.total);
  }

  function trackRateLimit({ provider, remaining }: RateLimit): void {
    metrics.rateLimitHits.inc({ provider }, 0);
    if (typeof remaining !== 'number') drop('rate_limit_remaining', 'not_a_number');
    else if (remaining < 0) drop('rate_limit_remaining', 'negative');
    else metrics.rateLimitRemaining.set({ provider }, remaining);
  }

  function trackRateLimitHit({ provider }: Pick<RateLimit, 'provider'>): void {
    metrics.rateLimitHits.inc({ provider });
  }

  lookupsOf('semantic');
  return { trackCacheOperation, trackRateLimit, trackRateLimitHit };
}

import type { MetricSet } from './metrics.js';

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
  /** Milliseconds until the window is over; then the number is forgotten, because nobody knows it. Default: kept. */
  resetMs?: number;
}

function assertProvider(provider: unknown): void {
  if (typeof provider !== 'string' || provider === '')
    throw new TypeError('`provider`: expected a text that is not empty');
}

/** Node's timers take no longer delay. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Lookups {
  hits: number;
  total: number;
}

/** Two instances on one registry share its counters, and so what the hit rate is computed from. */
const lookupsByMetric = new WeakMap<object, Map<string, Lookups>>();

/** See the functions of the same names in `index.ts`. */
export function createTrackers({ metrics, drop, limit }: Pick<MetricSet, 'metrics' | 'drop' | 'limit'>) {
  const lookups = lookupsByMetric.get(metrics.cacheHits) ?? new Map<string, Lookups>();
  lookupsByMetric.set(metrics.cacheHits, lookups);

  function lookupsOf(cacheType: string) {
    const known = lookups.get(cacheType);
    if (known) return known;
    const fresh = { hits: 0, total: 0 };
    lookups.set(cacheType, fresh);
    for (const counter of [metrics.cacheHits, metrics.cacheMisses]) counter.inc({ cache_type: cacheType }, 0);
    return fresh;
  }

  function trackCacheOperation({ hit, cacheType: given = 'semantic' }: CacheOperation): void {
    const { cache_type: cacheType = given } = limit('rag_cache_hits_total', { cache_type: given });
    const seen = lookupsOf(cacheType);
    seen.total += 1;
    if (hit) seen.hits += 1;
    (hit ? metrics.cacheHits : metrics.cacheMisses).inc({ cache_type: cacheType });
    metrics.cacheHitRate.set({ cache_type: cacheType }, seen.hits / seen.total);
  }

  // A number from before the window's end would stand for ever when traffic stops, and keep its alert firing.
  const expiries = new Map<string, NodeJS.Timeout>();

  function forgetAfter(provider: string, resetMs: number): void {
    clearTimeout(expiries.get(provider));
    const forget = () => {
      expiries.delete(provider);
      metrics.rateLimitRemaining.remove({ provider });
    };
    expiries.set(provider, setTimeout(forget, Math.min(resetMs, MAX_TIMER_MS)).unref());
  }

  function trackRateLimit({ provider: given, remaining, resetMs }: RateLimit): void {
    assertProvider(given);
    const { provider = given } = limit('rag_rate_limit_remaining', { provider: given });
    metrics.rateLimitHits.inc({ provider }, 0);
    if (typeof remaining !== 'number') drop('rate_limit_remaining', 'not_a_number');
    else if (remaining < 0) drop('rate_limit_remaining', 'negative');
    else metrics.rateLimitRemaining.set({ provider }, remaining);
    if (typeof resetMs === 'number' && resetMs > 0) forgetAfter(provider, resetMs);
  }

  function trackRateLimitHit({ provider }: Pick<RateLimit, 'provider'>): void {
    assertProvider(provider);
    metrics.rateLimitHits.inc({ provider });
  }

  /** Recording never throws, whatever it is called with. */
  const safely =
    <Input>(track: (input: Input) => void) =>
    (input: Input): void => {
      try {
        track(input);
      } catch {
        drop('tracker', 'refused');
      }
    };

  lookupsOf('semantic');
  return {
    trackCacheOperation: safely(trackCacheOperation),
    trackRateLimit: safely(trackRateLimit),
    trackRateLimitHit: safely(trackRateLimitHit),
  };
}

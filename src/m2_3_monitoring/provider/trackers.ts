import { assertText } from '../errors/index.js';
import type { MetricSet } from '../metrics/create-metrics.js';
import { lazily, seriesByValue } from '../metrics/series-by-label.js';

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

/** Node's timers take no longer delay. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Lookups so far, of which the hit rate is computed. */
interface Lookups {
  hits: number;
  total: number;
}

/** Two instances on one registry share its counters, and so what the hit rate is computed from. */
const lookupsByMetric = new WeakMap<object, Map<string, Lookups>>();

function lookupsOf(counter: object, cacheType: string): Lookups {
  const byType = lookupsByMetric.get(counter) ?? new Map<string, Lookups>();
  lookupsByMetric.set(counter, byType);
  const lookups = byType.get(cacheType) ?? { hits: 0, total: 0 };
  byType.set(cacheType, lookups);
  return lookups;
}

/** See the functions of the same names in `index.ts`. */
export function createTrackers({ metrics, drop, limit }: Pick<MetricSet, 'metrics' | 'drop' | 'limit'>) {
  const cacheSeries = seriesByValue(
    (cache_type) => limit('rag_cache_hits_total', { cache_type }).cache_type,
    (cache_type) => ({
      lookups: lookupsOf(metrics.cacheHits, cache_type),
      hits: metrics.cacheHits.bind({ cache_type }),
      misses: metrics.cacheMisses.bind({ cache_type }),
      // There from the first lookup on: a rate of 0 before it would be an alert.
      hitRate: lazily(() => metrics.cacheHitRate.bind({ cache_type })),
    }),
  );

  function trackCacheOperation({ hit, cacheType = 'semantic' }: CacheOperation): void {
    const { lookups, hits, misses, hitRate } = cacheSeries(cacheType);
    lookups.total += 1;
    if (hit) lookups.hits += 1;
    (hit ? hits : misses).add(1);
    hitRate().set(lookups.hits / lookups.total);
  }

  const providerSeries = seriesByValue(
    (provider) => limit('rag_rate_limit_remaining', { provider }).provider,
    (provider) => ({
      provider,
      hits: metrics.rateLimitHits.bind({ provider }),
      // There once it is known, and not 0 before.
      remaining: lazily(() => metrics.rateLimitRemaining.bind({ provider })),
    }),
  );

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
    assertText('provider', given);
    const series = providerSeries(given);
    // There at 0, also after a `reset`.
    series.hits.add(0);
    if (typeof remaining !== 'number') drop('rate_limit_remaining', 'not_a_number');
    else if (remaining < 0) drop('rate_limit_remaining', 'negative');
    else if (!Number.isFinite(remaining)) drop('rate_limit_remaining', 'not_finite');
    else series.remaining().set(remaining);
    if (typeof resetMs === 'number' && resetMs > 0) forgetAfter(series.provider, resetMs);
  }

  function trackRateLimitHit({ provider }: Pick<RateLimit, 'provider'>): void {
    assertText('provider', provider);
    providerSeries(provider).hits.add(1);
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

  cacheSeries('semantic');
  return {
    trackCacheOperation: safely(trackCacheOperation),
    trackRateLimit: safely(trackRateLimit),
    trackRateLimitHit: safely(trackRateLimitHit),
  };
}

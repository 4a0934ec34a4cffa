import type { MetricSubset } from '../metrics/create-metrics.js';
import { lazily, seriesByValue } from '../metrics/series-by-label.js';

/** How a cache lookup went. */
export interface CacheOperation {
  hit: boolean;
  /** Which cache. Default: `semantic`. */
  cacheType?: string;
}

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

/** See `trackCacheOperation` of `index.ts`. */
export function createCacheTracker({ metrics, limit }: MetricSubset) {
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

  cacheSeries('semantic');
  return ({ hit, cacheType = 'semantic' }: CacheOperation): void => {
    const { lookups, hits, misses, hitRate } = cacheSeries(cacheType);
    lookups.total += 1;
    if (hit) lookups.hits += 1;
    (hit ? hits : misses).add(1);
    hitRate().set(lookups.hits / lookups.total);
  };
}

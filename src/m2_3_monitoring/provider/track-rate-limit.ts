import { assertText } from '../errors/index.js';
import type { MetricSet } from '../metrics/create-metrics.js';
import { lazily, seriesByValue } from '../metrics/series-by-label.js';

/** What a provider's response headers said. */
export interface RateLimit {
  provider: string;
  /** Requests still allowed in the window. A provider's sentinel for "unknown" (-1) is dropped. */
  remaining: number;
  /** Milliseconds until the window is over; then the number is no longer known, and is forgotten. Default: kept. */
  resetMs?: number;
}

/** Node's timers take no longer delay. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** See `trackRateLimit` and `trackRateLimitHit` of `index.ts`. */
export function createRateLimitTrackers({ metrics, drop, limit }: Pick<MetricSet, 'metrics' | 'drop' | 'limit'>) {
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

  return { trackRateLimit, trackRateLimitHit };
}

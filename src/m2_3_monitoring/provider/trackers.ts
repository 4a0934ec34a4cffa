import type { MetricSet } from '../metrics/create-metrics.js';
import { createCacheTracker } from './track-cache.js';
import { createRateLimitTrackers } from './track-rate-limit.js';

/** See the functions of the same names in `index.ts`. */
export function createTrackers(metricSet: Pick<MetricSet, 'metrics' | 'drop' | 'limit'>) {
  /** Recording never throws, whatever it is called with. */
  const safely =
    <Input>(track: (input: Input) => void) =>
    (input: Input): void => {
      try {
        track(input);
      } catch {
        metricSet.drop('tracker', 'refused');
      }
    };
  const { trackRateLimit, trackRateLimitHit } = createRateLimitTrackers(metricSet);
  return {
    trackCacheOperation: safely(createCacheTracker(metricSet)),
    trackRateLimit: safely(trackRateLimit),
    trackRateLimitHit: safely(trackRateLimitHit),
  };
}

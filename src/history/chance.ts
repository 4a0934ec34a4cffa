import { createRandom } from '../rag/random.js';

/** Random numbers of the kinds that traffic is made of; the same row for the same seed. */
export interface Chance {
  /** Uniform. */
  between(low: number, high: number): number;
  /** True in this share of the cases, 0 to 1. */
  happens(share: number): boolean;
  /** How many come where `mean` are expected. */
  poisson(mean: number): number;
  normal(mean: number, deviation: number): number;
  /** As latencies and token counts are spread: many near the median, few far above. */
  logNormal(median: number, sigma: number): number;
}

export function createChance(seed: number): Chance {
  const random = createRandom(seed);
  // Box and Muller; never the logarithm of 0.
  const standardNormal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return {
    between: (low, high) => low + random() * (high - low),
    happens: (share) => random() < share,
    // Knuth; the means here are some dozens.
    poisson(mean) {
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = random(); product > limit; product *= random()) count++;
      return count;
    },
    normal: (mean, deviation) => mean + deviation * standardNormal(),
    logNormal: (median, sigma) => median * Math.exp(sigma * standardNormal()),
  };
}

import { createRandom as createUniform } from '../rag/random.js';

/** Random numbers of the kinds that traffic is made of; the same row for the same seed. */
export interface Random {
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

export function createRandom(seed: number): Random {
  const uniform = createUniform(seed);
  // Box and Muller; never the logarithm of 0.
  const standardNormal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    between: (low, high) => low + uniform() * (high - low),
    happens: (share) => uniform() < share,
    // Knuth; the means here are some dozens.
    poisson(mean) {
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = uniform(); product > limit; product *= uniform()) count++;
      return count;
    },
    normal: (mean, deviation) => mean + deviation * standardNormal(),
    logNormal: (median, sigma) => median * Math.exp(sigma * standardNormal()),
  };
}

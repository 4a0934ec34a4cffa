import { createRandom } from './random.js';

export interface Completion {
  answer: string;
  inputTokens: number;
  outputTokens: number;
  /** Requests that the provider still allows, as its response header would say. */
  remainingRequests: number;
}

/** Answers a prompt as a provider's API would. */
export type Llm = (prompt: string) => Promise<Completion>;

/** The provider refuses a request because too many came; named and numbered as the OpenAI client does. */
export class RateLimitError extends Error {
  override readonly name = 'RateLimitError';
  readonly status = 429;
}

export interface SimulatedLlmOptions {
  /** Same seed, same tokens and latencies. */
  seed: number;
  /** Stretches the latencies of 1 to 3 seconds; 0 answers at once. */
  timeScale: number;
  /** Share of requests that fail, 0 to 1. Default: 0. */
  failureRatio?: number;
  /** Requests that the provider allows a minute. Default: 5000. */
  requestLimit?: number;
}

const WINDOW_MS = 60_000;

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** The one simulated part of the pipeline: latency and answer of a model, seeded. */
export function createSimulatedLlm({
  seed,
  timeScale,
  failureRatio = 0,
  requestLimit = 5000,
}: SimulatedLlmOptions): Llm {
  const random = createRandom(seed);
  const between = (low: number, high: number) => low + random() * (high - low);
  let remainingRequests = requestLimit;
  let windowEndMs = performance.now() + WINDOW_MS;
  return async (prompt) => {
    const seconds = between(1, 3) * timeScale;
    const outputTokens = Math.round(between(100, 500));
    const fails = random() < failureRatio;
    if (seconds > 0) await sleep(seconds);
    if (performance.now() > windowEndMs) {
      remainingRequests = requestLimit;
      windowEndMs = performance.now() + WINDOW_MS;
    }
    if (remainingRequests === 0) throw new RateLimitError('429 rate limit reached');
    remainingRequests -= 1;
    if (fails) throw new Error('500 the model is overloaded');
    // About four characters of English make a token.
    const inputTokens = Math.round(prompt.length / 4);
    return { answer: `Generated answer of ${outputTokens} tokens`, inputTokens, outputTokens, remainingRequests };
  };
}

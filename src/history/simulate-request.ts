import { config } from '../../config.js';
import type { Status } from '../m2_3_monitoring/metrics/catalogue.js';
import { costOf } from '../m2_3_monitoring/pricing/calculate-cost.js';
import { committedModels, createPriceBook } from '../m2_3_monitoring/pricing/price-book.js';
import type { Random } from './random.js';
import type { Conditions, Operation } from './service.js';

/** What one request did. */
export interface RequestOutcome {
  operation: Operation;
  latencySeconds: number;
  status: Status;
  errorType?: string;
  /** Undefined where no cache was asked. */
  cached?: boolean;
  /** Retrieval and its quality; undefined where nothing was retrieved. */
  retrievalSeconds?: number;
  relevance?: number;
  precision?: number;
  /** The call of the model; undefined where none was made. */
  llmSeconds?: number;
  /** What the call used; undefined where it failed. */
  usage?: { inputTokens: number; outputTokens: number; costUsd: number };
  firstTokenSeconds?: number;
}

const LLM_SIGMA = 0.22;
const TIMEOUT_SECONDS = 12;

type Call = Pick<RequestOutcome, 'status' | 'errorType'> & { llmSeconds: number };

/** The client tries again twice before it gives up, and waits before each time. */
function callInOutage(random: Random, llmSeconds: number): Call {
  if (random.happens(0.3))
    return { status: 'rate_limited', errorType: 'RateLimitError', llmSeconds: random.between(1.8, 4) };
  if (random.happens(0.06))
    return { status: 'error', errorType: 'InternalServerError', llmSeconds: random.between(0.3, 2) };
  return { status: 'success', llmSeconds: llmSeconds + (random.happens(0.4) ? random.between(0.8, 4) : 0) };
}

function callModel(random: Random, conditions: Conditions, stalls: boolean): Call {
  const llmSeconds = stalls ? random.between(2.2, 2.9) : random.logNormal(conditions.llmSeconds, LLM_SIGMA);
  if (conditions.outage) return callInOutage(random, llmSeconds);
  if (random.happens(conditions.timeoutShare))
    return { status: 'timeout', errorType: 'TimeoutError', llmSeconds: TIMEOUT_SECONDS };
  if (random.happens(0.004))
    return {
      status: 'error',
      errorType: random.happens(0.7) ? 'InternalServerError' : 'APIConnectionError',
      llmSeconds: random.between(0.05, 0.6),
    };
  // The user closes the page.
  if (random.happens(0.003)) return { status: 'aborted', llmSeconds: llmSeconds * random.between(0.3, 0.9) };
  return { status: 'success', llmSeconds };
}

const clampedScore = (score: number) => Math.min(1, Math.max(0, score));

/** How many of the four passages belong to an expected document. */
const precision = (random: Random) => Math.round(4 * clampedScore(random.normal(0.76, 0.2))) / 4;

function retrieve(random: Random): Required<Pick<RequestOutcome, 'retrievalSeconds' | 'relevance' | 'precision'>> {
  return {
    retrievalSeconds: random.logNormal(0.045, 0.4),
    relevance: clampedScore(random.normal(0.83, 0.08)),
    precision: precision(random),
  };
}

const priceAt = createPriceBook(committedModels);

function usageOf(random: Random, { model, inputTokens, outputTokens }: Operation, promptFactor: number, atMs: number) {
  const usage = {
    inputTokens: Math.round(random.logNormal(inputTokens * promptFactor, 0.35)),
    outputTokens: Math.max(2, Math.round(random.logNormal(outputTokens, 0.45))),
  };
  return { ...usage, costUsd: costOf(usage, priceAt(model, atMs), config) };
}

const qualityOf = ({ relevance, precision }: ReturnType<typeof retrieve>) => ({ relevance, precision });

/** Simulates one request. `stalls`: its call of the model, if there is one, hangs for some seconds. */
export function simulateRequest(
  random: Random,
  operation: Operation,
  conditions: Conditions,
  { atSeconds, takeStall }: { atSeconds: number; takeStall: () => boolean },
): RequestOutcome {
  const retrieves = operation.operation === 'rag_pipeline';
  if (retrieves && random.happens(conditions.cacheHitShare)) {
    const quality = qualityOf(retrieve(random));
    return { operation, status: 'success', cached: true, latencySeconds: random.logNormal(0.012, 0.4), ...quality };
  }
  const retrieval = retrieves ? retrieve(random) : undefined;
  const call = callModel(random, conditions, takeStall());
  const succeeded = call.status === 'success';
  return {
    operation,
    ...call,
    latencySeconds: call.llmSeconds + (retrieval?.retrievalSeconds ?? 0),
    ...(retrieval && { cached: false, retrievalSeconds: retrieval.retrievalSeconds }),
    ...(succeeded && retrieval && qualityOf(retrieval)),
    ...(succeeded && { usage: usageOf(random, operation, conditions.promptFactor, atSeconds * 1000) }),
    ...(succeeded && !retrieves && { firstTokenSeconds: call.llmSeconds * random.between(0.3, 0.45) }),
  };
}

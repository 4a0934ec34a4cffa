import { config } from '../../config.js';
import type { Status } from '../m2_3_monitoring/metrics/catalogue.js';
import { costOf } from '../m2_3_monitoring/pricing/calculate-cost.js';
import { committedModels, createPriceBook } from '../m2_3_monitoring/pricing/price-book.js';
import type { Chance } from './chance.js';
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
function callInOutage(chance: Chance, llmSeconds: number): Call {
  if (chance.happens(0.3))
    return { status: 'rate_limited', errorType: 'RateLimitError', llmSeconds: chance.between(1.8, 4) };
  if (chance.happens(0.06))
    return { status: 'error', errorType: 'InternalServerError', llmSeconds: chance.between(0.3, 2) };
  return { status: 'success', llmSeconds: llmSeconds + (chance.happens(0.4) ? chance.between(0.8, 4) : 0) };
}

function callModel(chance: Chance, conditions: Conditions, stalls: boolean): Call {
  const llmSeconds = stalls ? chance.between(2.2, 2.9) : chance.logNormal(conditions.llmSeconds, LLM_SIGMA);
  if (conditions.outage) return callInOutage(chance, llmSeconds);
  if (chance.happens(conditions.timeoutShare))
    return { status: 'timeout', errorType: 'TimeoutError', llmSeconds: TIMEOUT_SECONDS };
  if (chance.happens(0.004))
    return {
      status: 'error',
      errorType: chance.happens(0.7) ? 'InternalServerError' : 'APIConnectionError',
      llmSeconds: chance.between(0.05, 0.6),
    };
  // The user closes the page.
  if (chance.happens(0.003)) return { status: 'aborted', llmSeconds: llmSeconds * chance.between(0.3, 0.9) };
  return { status: 'success', llmSeconds };
}

const clampedScore = (score: number) => Math.min(1, Math.max(0, score));

/** How many of the four passages belong to an expected document. */
const precision = (chance: Chance) => Math.round(4 * clampedScore(chance.normal(0.76, 0.2))) / 4;

function retrieve(chance: Chance): Required<Pick<RequestOutcome, 'retrievalSeconds' | 'relevance' | 'precision'>> {
  return {
    retrievalSeconds: chance.logNormal(0.045, 0.4),
    relevance: clampedScore(chance.normal(0.83, 0.08)),
    precision: precision(chance),
  };
}

const priceAt = createPriceBook(committedModels);

function usageOf(chance: Chance, { model, inputTokens, outputTokens }: Operation, promptFactor: number, atMs: number) {
  const usage = {
    inputTokens: Math.round(chance.logNormal(inputTokens * promptFactor, 0.35)),
    outputTokens: Math.max(2, Math.round(chance.logNormal(outputTokens, 0.45))),
  };
  return { ...usage, costUsd: costOf(usage, priceAt(model, atMs), config) };
}

const qualityOf = ({ relevance, precision }: ReturnType<typeof retrieve>) => ({ relevance, precision });

/** Plays one request. `stalls`: its call of the model, if there is one, hangs for some seconds. */
export function simulateRequest(
  chance: Chance,
  operation: Operation,
  conditions: Conditions,
  { atSeconds, takeStall }: { atSeconds: number; takeStall: () => boolean },
): RequestOutcome {
  const retrieves = operation.operation === 'rag_pipeline';
  if (retrieves && chance.happens(conditions.cacheHitShare)) {
    const quality = qualityOf(retrieve(chance));
    return { operation, status: 'success', cached: true, latencySeconds: chance.logNormal(0.012, 0.4), ...quality };
  }
  const retrieval = retrieves ? retrieve(chance) : undefined;
  const call = callModel(chance, conditions, takeStall());
  const succeeded = call.status === 'success';
  return {
    operation,
    ...call,
    latencySeconds: call.llmSeconds + (retrieval?.retrievalSeconds ?? 0),
    ...(retrieval && { cached: false, retrievalSeconds: retrieval.retrievalSeconds }),
    ...(succeeded && retrieval && qualityOf(retrieval)),
    ...(succeeded && { usage: usageOf(chance, operation, conditions.promptFactor, atSeconds * 1000) }),
    ...(succeeded && !retrieves && { firstTokenSeconds: call.llmSeconds * chance.between(0.3, 0.45) }),
  };
}

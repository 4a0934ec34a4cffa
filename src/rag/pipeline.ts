import type { Monitoring } from '../m2_3_monitoring/index.js';
import { contextPrecision, keywords, type Retriever } from './retriever.js';
import { type Llm, RateLimitError } from './simulated-llm.js';

export interface Question {
  question: string;
  /** Documents that hold the answer; the precision of the context is judged by them. */
  expected?: readonly string[];
  /** Default: false. */
  useCache?: boolean;
}

/** The answer, with what the metrics are taken from. */
export interface Answer {
  answer: string;
  input_tokens: number;
  output_tokens: number;
  relevance_score: number;
  context_precision?: number;
  cached: boolean;
}

type Instruments = Pick<
  Monitoring,
  'metrics' | 'monitoredQuery' | 'trackCacheOperation' | 'trackRateLimit' | 'trackRateLimitHit'
>;

export interface RagOptions {
  retriever: Retriever;
  llm: Llm;
  /** Default: the module's default instance. */
  monitoring?: Instruments;
  /** Default: `gpt-4`. */
  model?: string;
  /** Default: `openai`. */
  provider?: string;
}

/** Asks questions of the documents; every step is monitored. */
export type Rag = (question: Question) => Promise<Answer>;

/** Seconds since a reading of `performance.now()`. */
const secondsSince = (startMs: number) => (performance.now() - startMs) / 1000;

async function generate({ llm, monitoring, provider }: Required<RagOptions>, prompt: string) {
  const start = performance.now();
  try {
    const completion = await llm(prompt);
    monitoring.trackRateLimit({ provider, remaining: completion.remainingRequests });
    return completion;
  } catch (error) {
    if (error instanceof RateLimitError) monitoring.trackRateLimitHit({ provider });
    throw error;
  } finally {
    monitoring.metrics.llmLatency.observe(secondsSince(start));
  }
}

async function answerFromDocuments(options: Required<RagOptions>, { question, expected }: Question): Promise<Answer> {
  const start = performance.now();
  const { passages, relevanceScore } = options.retriever(question);
  options.monitoring.metrics.retrievalLatency.observe(secondsSince(start));

  const context = passages.map(({ text }) => text.slice(0, 2000)).join('\n\n');
  const { answer, inputTokens, outputTokens } = await generate(options, `${context}\n\nQuestion: ${question}`);
  return {
    answer,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    relevance_score: relevanceScore,
    ...(expected && { context_precision: contextPrecision(passages, expected) }),
    cached: false,
  };
}

/** Loaded only where no other is given, so that the pipeline can be compared with itself without any. */
const defaultMonitoring = (): Instruments => require('../m2_3_monitoring/index.js');

/** A small RAG pipeline: cache, retrieval, generation. Two questions with the same keywords share a cached answer. */
export function createRag(given: RagOptions): Rag {
  const { monitoring: instruments = defaultMonitoring() } = given;
  const options = { model: 'gpt-4', provider: 'openai', ...given, monitoring: instruments };
  const { monitoring, model } = options;
  const cache = new Map<string, Answer>();
  return monitoring.monitoredQuery({ operation: 'rag_pipeline', model })(async function ragQuery(question: Question) {
    const key = [...new Set(keywords(question.question))].sort().join(' ');
    const known = question.useCache ? cache.get(key) : undefined;
    if (question.useCache) monitoring.trackCacheOperation({ hit: known !== undefined, cacheType: 'semantic' });
    if (known) return { ...known, cached: true };
    const answer = await answerFromDocuments(options, question);
    cache.set(key, answer);
    return answer;
  });
}

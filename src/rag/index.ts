/**
 * A small RAG service with real retrieval and a simulated model: what the lesson and the demo watch.
 *
 * In: questions.
 * Out: answers with their usage.
 * Must not know: how calls are recorded (it uses the public exports of the module).
 *
 * @module
 */

export { loadCorpus, type Passage } from './corpus.js';
export { type Answer, createRag, type Question, type Rag, type RagOptions } from './pipeline.js';

export { contextPrecision, createRetriever, keywords, type Retrieval, type Retriever } from './retriever.js';
export {
  type Completion,
  createSimulatedLlm,
  type Llm,
  RateLimitError,
  type SimulatedLlmOptions,
} from './simulated-llm.js';

export { loadCorpus, type Passage, splitIntoPassages } from './corpus.js';
export { type Answer, createRag, type Question, type Rag, type RagOptions } from './pipeline.js';
export { createRandom } from './random.js';
export { contextPrecision, createRetriever, keywords, type Retrieval, type Retriever } from './retriever.js';
export {
  type Completion,
  createSimulatedLlm,
  type Llm,
  RateLimitError,
  type SimulatedLlmOptions,
} from './simulated-llm.js';

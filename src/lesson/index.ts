/**
 * Helpers that only the notebook uses.
 *
 * @module
 */
export {
  contextPrecision,
  createRag,
  createRetriever,
  createSimulatedLlm,
  keywords,
  loadCorpus,
  RateLimitError,
} from '../rag/index.js';
export { REPOSITORY } from '../stack/index.js';
export { checkSetUp, describeEngine } from './check-set-up.js';
export { FORMULAS, measureFormulas } from './formulas.js';
export { assertNoLateErrors, watchForLateErrors } from './late-errors.js';
export {
  closePrometheus,
  openPrometheus,
  readAlerts,
  readPanels,
  readTargets,
  waitForAlert,
} from './live-prometheus.js';
export { runLoad } from './load.js';
export { showFile, showProgress, showTable, tableHtml } from './output.js';
export { questions } from './questions.js';
export { approaches, type Columns, metricsTable, panelsTable, toColumns } from './tables.js';
export { tuneLatencyAlert } from './tuning.js';

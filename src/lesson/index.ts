/**
 * Helpers that only the notebook uses.
 *
 * In: all of the above.
 * Out: what the cells of the notebook call.
 * Must not know: how the notebook is run.
 *
 * @module
 */

export { config } from '../../config.js';
export { findMistakes, SOURCE_ALERTS } from '../promql/index.js';
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
export { type BucketsOptions, showBuckets } from './buckets-in-cell.js';
export { checkSetUp, describeEngine } from './check-set-up.js';
export { closeDashboard, openDashboard } from './dashboard-page.js';
export { FORMULAS, measureFormulas } from './formulas.js';
export { assertNoLateErrors, watchForLateErrors } from './late-errors.js';
export { readAlerts, readPanels, readTargets, waitForAlert } from './live-prometheus.js';
export {
  closePrometheus,
  openPrometheus,
  openStack,
  readChain,
  readNotifications,
  waitForNotification,
} from './live-stack.js';
export { runLoad } from './load.js';
export { showFile, showProgress, showTable, tableHtml } from './output.js';
export { type PictureOptions, showDashboard, showPanel } from './panels-in-cells.js';
export { questions } from './questions.js';
export { approaches, type Columns, metricsTable, panelsTable, toColumns } from './tables.js';
export { tuneLatencyAlert } from './tuning.js';
export { type WatchOptions, watchPanel } from './watch-panel.js';

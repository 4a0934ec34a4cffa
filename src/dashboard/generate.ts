/**
 * The dashboard, the rules and the generated documents, as code.
 *
 * In: the catalogue, the thresholds.
 * Out: the generated files: dashboard, rules, `.env.example`, documents.
 * Must not know: the RAG service, running programs.
 *
 * @module
 */

import type { AlertThresholds } from '../../config/alert-settings.js';
import { buildDashboard } from './dashboard.js';
import { renderEnvExample } from './env-example.js';
import { renderErrorsDocument } from './errors-document.js';
import { renderMetricsDocument } from './metrics-document.js';
import { renderAlertRules, renderRecordingRules } from './render-rules.js';
import { renderSettingsDocument } from './settings-document.js';

/** The committed files that are made from code, by their path in the repository. */
export const generatedFiles = (thresholds: AlertThresholds): Record<string, string> => ({
  '.env.example': renderEnvExample(),
  'docs/errors.md': renderErrorsDocument(),
  'docs/metrics.md': renderMetricsDocument(),
  'docs/settings.md': renderSettingsDocument(),
  'grafana_dash.json': `${JSON.stringify(buildDashboard(thresholds), null, 2)}\n`,
  'monitoring/rules/alerts.yml': renderAlertRules(thresholds),
  'monitoring/rules/recording.yml': renderRecordingRules(),
});

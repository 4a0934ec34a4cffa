import type { config } from '../m2_3_monitoring/index.js';
import { buildDashboard } from './dashboard.js';
import { renderEnvExample } from './env-example.js';
import { renderErrorCodes } from './error-codes.js';
import { renderAlertRules, renderRecordingRules } from './render-rules.js';

/** The committed files that are made from code, by their path in the repository. */
export const generatedFiles = (settings: typeof config): Record<string, string> => ({
  '.env.example': renderEnvExample(),
  'docs/errors.md': renderErrorCodes(),
  'grafana_dash.json': `${JSON.stringify(buildDashboard(settings), null, 2)}\n`,
  'monitoring/rules/alerts.yml': renderAlertRules(settings),
  'monitoring/rules/recording.yml': renderRecordingRules(),
});

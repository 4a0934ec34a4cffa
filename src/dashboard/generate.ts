/**
 * The dashboard, the rules and the generated documents, as code.
 *
 * In: the catalogue, the thresholds.
 * Out: the generated files: dashboard, rules, `.env.example`, documents.
 * Must not know: the RAG service, running programs.
 *
 * @module
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { config } from '../m2_3_monitoring/index.js';
import { buildDashboard } from './dashboard.js';
import { renderEnvExample } from './env-example.js';
import { renderMetricsDocument } from './metrics-document.js';
import { renderAlertRules, renderRecordingRules } from './render-rules.js';
import { renderSettingsDocument } from './settings-document.js';

const root = join(__dirname, '../../..');

/** The committed files that are made from code, by their path in the repository. */
export const generatedFiles = (settings: typeof config): Record<string, string> => ({
  '.env.example': renderEnvExample(),
  'docs/metrics.md': renderMetricsDocument(),
  'docs/settings.md': renderSettingsDocument(),
  'grafana_dash.json': `${JSON.stringify(buildDashboard(settings), null, 2)}\n`,
  'monitoring/rules/alerts.yml': renderAlertRules(settings),
  'monitoring/rules/recording.yml': renderRecordingRules(),
});

if (require.main === module) {
  mkdirSync(join(root, 'monitoring/rules'), { recursive: true });
  for (const [path, content] of Object.entries(generatedFiles(config))) {
    writeFileSync(join(root, path), content);
    console.log(`wrote ${path}`);
  }
}

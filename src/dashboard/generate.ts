import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertThresholds } from '../../config/alert-settings.js';
import { config } from '../../config.js';
import { buildDashboard } from './dashboard.js';
import { renderEnvExample } from './env-example.js';
import { renderAlertRules, renderRecordingRules } from './render-rules.js';

const root = join(__dirname, '../../..');

/** The committed files that are made from code, by their path in the repository. */
export const generatedFiles = (thresholds: AlertThresholds): Record<string, string> => ({
  '.env.example': renderEnvExample(),
  'grafana_dash.json': `${JSON.stringify(buildDashboard(thresholds), null, 2)}\n`,
  'monitoring/rules/alerts.yml': renderAlertRules(thresholds),
  'monitoring/rules/recording.yml': renderRecordingRules(),
});

if (require.main === module) {
  mkdirSync(join(root, 'monitoring/rules'), { recursive: true });
  for (const [path, content] of Object.entries(generatedFiles(config))) {
    writeFileSync(join(root, path), content);
    console.log(`wrote ${path}`);
  }
}

import { runCommand } from '../src/cli/index.js';
import { load } from './setup/index.mjs';

await runCommand({
  name: 'npm run demo --',
  summary: 'Asks a RAG service questions until Ctrl-C, and serves its metrics.',
  notes: 'Settings are in .env: METRICS_PORT, LLM_TIME_SCALE.',
  example: 'npm run demo',
  // Needs neither Jupyter nor Prometheus.
  run: async () => (await load('demo')).runDemo(),
});

import { runCommand } from '../src/cli/index.js';
import { load } from './setup/index.mjs';

await runCommand({
  name: 'npm run generate --',
  summary: 'Writes the committed files that are made from code: dashboard, rules, .env.example, lists in docs/.',
  example: 'npm run generate',
  run: async () => (await load('generate')).runGenerate(),
});

import { runCommand } from '../src/cli/index.js';
import { load } from './setup/index.mjs';

await runCommand({
  name: 'npm run check:prices --',
  summary: 'Lists the prices that were checked more than a year ago.',
  notes: 'Exits with 1 where there are any.',
  example: 'npm run check:prices',
  run: async () => (await load('check-prices')).runCheckPrices(),
});

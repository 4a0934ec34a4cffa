import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { ROOT } from './setup/run.mjs';

// npm run backtest [-- --rule NAME …]: when alerts would have fired over the history, or over a Prometheus of your own.
await main(async () => {
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  await import(pathToFileURL(join(ROOT, 'dist/src/backtest/main.js')).href);
});

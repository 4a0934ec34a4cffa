import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { ROOT } from './setup/run.mjs';

// npm run history [-- --days 7 --seed 1 --target HOST:PORT --folder DIR | --docker] [--force]: a past to look at.
await main(async () => {
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  await import(pathToFileURL(join(ROOT, 'dist/src/history/main.js')).href);
});

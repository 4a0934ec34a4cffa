import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { ROOT } from './setup/run.mjs';

// npm run demo: the module outside the notebook. Needs neither Jupyter nor Prometheus.
await main(async () => {
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  await import(pathToFileURL(join(ROOT, 'dist/src/rag/demo.js')).href);
});

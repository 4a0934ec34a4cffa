import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { ROOT, SetupError } from './setup/run.mjs';

// npm run demo: the module outside the notebook. Needs neither Jupyter nor Prometheus.
await main(async () => {
  const [unknown] = process.argv.slice(2);
  if (unknown !== undefined)
    throw new SetupError(
      `unknown option "${unknown}": the demo has none; settings are in .env (METRICS_PORT, LLM_TIME_SCALE)`,
    );
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  await import(pathToFileURL(join(ROOT, 'dist/src/rag/demo.js')).href);
});

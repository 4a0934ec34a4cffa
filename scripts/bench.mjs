import { spawnSync } from 'node:child_process';
import { main, setUp } from './setup/index.mjs';
import { jupyterEnvironment } from './setup/jupyter.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { ROOT } from './setup/run.mjs';

// npm run bench [-- suite … --json]: what monitoring costs, against what one would use instead.
await main(async () => {
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  if (process.argv.includes('product')) await setUp();
  const args = ['dist/bench/main.js', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env: jupyterEnvironment() });
  process.exitCode = status ?? 1;
});

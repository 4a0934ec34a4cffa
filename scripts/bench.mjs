import { spawnSync } from 'node:child_process';
import { main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { ROOT } from './setup/run.mjs';

// npm run bench [-- --json]: what monitoring costs, against what one would use instead.
await main(async () => {
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  const args = ['dist/bench/main.js', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  process.exitCode = status ?? 1;
});

import { spawnSync } from 'node:child_process';
import { main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { ROOT } from './setup/run.mjs';

// npm run package: the module as a file that npm can install. (npm pack alone would not build it first.)
await main(async () => {
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  const { status } = spawnSync('npm', ['pack', '--loglevel=error'], { cwd: ROOT, stdio: 'inherit' });
  process.exitCode = status ?? 1;
});

import { spawnSync } from 'node:child_process';
import { runCommand } from '../src/cli/index.js';
import { ensureBuild, ensurePackages } from './setup/packages.mjs';
import { ROOT } from './setup/run.mjs';

await runCommand({
  name: 'npm run package --',
  summary: 'Makes the module a file that npm can install. (npm pack alone would not compile it first.)',
  example: 'npm run package',
  async run() {
    await ensurePackages();
    await ensureBuild();
    return spawnSync('npm', ['pack', '--loglevel=error'], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
  },
});

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './setup/browser.mjs';
import { MISSING_JUPYTER, MISSING_PROMETHEUS, main, setUp } from './setup/index.mjs';
import { jupyterEnvironment } from './setup/jupyter.mjs';
import { ROOT, SetupError, say } from './setup/run.mjs';
import { ensureCompose } from './setup/tools.mjs';

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, env: jupyterEnvironment(), stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const allTests = () =>
  readdirSync(join(ROOT, 'dist/tests'))
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join('dist/tests', name));

// npm test [-- file …]: sets up, checks the style, then runs all tests or those named (dist/tests/….test.js).
await main(async () => {
  const { jupyter, prometheus } = await setUp();
  const named = process.argv.slice(2);
  if (named.length === 0) {
    if (!jupyter) throw new SetupError(MISSING_JUPYTER);
    if (!prometheus) throw new SetupError(MISSING_PROMETHEUS);
    if (!(await ensureCompose())) say('Docker Compose is not here: the one test that asks it is skipped.');
    run('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
  }
  const needsBrowser = named.length === 0 || named.some((name) => name.includes('page'));
  if (needsBrowser && !(await ensureChromium()))
    say('Chromium is not here: the tests of the dashboard page in a browser are skipped.');
  // Two files at a time: most of them wait for programs of their own.
  const options = ['--test', '--test-timeout=300000', '--test-concurrency=2'];
  run(...options, ...(named.length > 0 ? named : allTests()));
});

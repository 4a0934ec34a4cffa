import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../src/cli/index.js';
import { ensureChromium } from './setup/browser.mjs';
import { assertInstalled, MISSING_JUPYTER, MISSING_PROMETHEUS, setUp } from './setup/index.mjs';
import { jupyterEnvironment } from './setup/jupyter.mjs';
import { ROOT, say } from './setup/run.mjs';
import { ensureCompose } from './setup/tools.mjs';

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, env: jupyterEnvironment(), stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const allTests = () =>
  readdirSync(join(ROOT, 'dist/tests'))
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join('dist/tests', name));

await runCommand({
  name: 'npm test --',
  summary: 'Sets up what is missing, checks the style, and runs the tests.',
  positional: {
    key: 'files',
    value: 'FILE',
    multiple: true,
    description: 'Compiled tests (default: the style and all)',
  },
  example: 'npm test -- dist/tests/config.test.js',
  async run({ files }) {
    const { jupyter, prometheus } = await setUp();
    if (files.length === 0) {
      assertInstalled(jupyter, MISSING_JUPYTER);
      assertInstalled(prometheus, MISSING_PROMETHEUS);
      if (!(await ensureCompose())) say('Docker Compose is not here: the one test that asks it is skipped.');
      run('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
    }
    const needsBrowser = files.length === 0 || files.some((name) => name.includes('page'));
    if (needsBrowser && !(await ensureChromium()))
      say('Chromium is not here: the tests of the dashboard page in a browser are skipped.');
    // Two files at a time: most of them wait for programs of their own.
    const options = ['--test', '--test-timeout=300000', '--test-concurrency=2'];
    run(...options, ...(files.length > 0 ? files : allTests()));
  },
});

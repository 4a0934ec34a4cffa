import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../src/cli/index.js';
import { ensureChromium } from './setup/browser.mjs';
import { assertInstalled, MISSING_JUPYTER, MISSING_PROMETHEUS, setUp } from './setup/index.mjs';
import { jupyterEnvironment } from './setup/jupyter.mjs';
import { ROOT, say } from './setup/run.mjs';
import { ensureCompose } from './setup/tools.mjs';
import { coverageEnvironment, printCoverage } from './test/coverage.mjs';

/** Runs Node with these arguments, and gives its exit status. */
function run(args, env = {}) {
  const options = { cwd: ROOT, env: { ...jupyterEnvironment(), ...env }, stdio: 'inherit' };
  return spawnSync(process.execPath, args, options).status ?? 1;
}

// Two files at a time: most of them wait for programs of their own.
const TEST = [
  '--test',
  '--test-timeout=600000',
  '--test-concurrency=2',
  '--test-reporter=./scripts/test/reporter.mjs',
  '--test-reporter-destination=stdout',
];

const allTests = () =>
  readdirSync(join(ROOT, 'dist/tests'))
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join('dist/tests', name));

async function ensureBrowser() {
  if (!(await ensureChromium())) say('Chromium is not here: the tests of the dashboard page in a browser are skipped.');
}

async function runAll({ jupyter, prometheus }) {
  assertInstalled(jupyter, MISSING_JUPYTER);
  assertInstalled(prometheus, MISSING_PROMETHEUS);
  if (!(await ensureCompose())) say('Docker Compose is not here: the one test that asks it is skipped.');
  await ensureBrowser();
  const style = run(['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']);
  if (style !== 0) return style;
  const status = run([...TEST, ...allTests()], coverageEnvironment());
  await printCoverage();
  return status;
}

async function runSome(files) {
  if (files.some((name) => name.includes('page'))) await ensureBrowser();
  return run([...TEST, ...files]);
}

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
    const found = await setUp();
    return files.length === 0 ? runAll(found) : runSome(files);
  },
});

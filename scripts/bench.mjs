import { spawnSync } from 'node:child_process';
import { options, runCommand } from '../src/cli/index.js';
import { setUp } from './setup/index.mjs';
import { jupyterEnvironment } from './setup/jupyter.mjs';
import { ensureBuild, ensurePackages } from './setup/packages.mjs';
import { ROOT } from './setup/run.mjs';

const SUITES = {
  call: 'A monitored call, beside the same metrics by hand and OpenTelemetry',
  'call-kinds': 'The same where only the result names the model, and where the call fails',
  'call-answers': 'A call that returns the answer of a provider as it comes',
  'call-with-ids': 'A call whose log lines carry its id',
  stream: 'A streamed answer',
  scrape: 'A scrape of many series',
  series: 'Memory for each series',
  line: 'A log line',
  service: 'A whole service, with and without monitoring',
  'start-up': 'The start of a process that loads the module',
  product: 'npm start, a history, a backtest, the page and the lesson; takes minutes, and runs only by name',
};

await runCommand({
  name: 'npm run bench --',
  summary: 'What monitoring costs, beside what one would use instead.',
  positional: { key: 'suites', value: 'SUITE', multiple: true, choices: SUITES },
  options: { json: options.flag('Prints the figures for programs') },
  example: 'npm run bench -- line scrape',
  async run({ suites, json }) {
    await ensurePackages();
    await ensureBuild();
    if (suites.includes('product')) await setUp();
    const args = ['dist/bench/main.js', ...suites, ...(json ? ['--json'] : [])];
    return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env: jupyterEnvironment() }).status ?? 1;
  },
});

import { options, runCommand } from '../src/cli/index.js';
import { assertInstalled, load, MISSING_PROMETHEUS } from './setup/index.mjs';
import { ensurePrometheus } from './setup/tools.mjs';

await runCommand({
  name: 'npm run stack --',
  summary: 'Prometheus, Alertmanager and the dashboard page on this machine.',
  positional: {
    key: 'command',
    value: 'COMMAND',
    choices: {
      start: 'Runs until Ctrl-C, and prints what happens (the default)',
      status: 'Checks all from the service to the last notification; exits with 1 where something is broken',
      stop: 'Ends the stack from another terminal; its data is kept',
      reload: 'Makes it take changed configuration and rules',
    },
  },
  options: {
    target: options.hostAndPort('The metrics to scrape (default: port METRICS_PORT of this machine)'),
    interval: options.seconds(0.1, 3600, 'How often to scrape, and to evaluate rules (default: as committed)'),
    docker: options.flag('The same with Docker Compose'),
  },
  example: 'npm run stack -- status',
  async run(given) {
    const { runStack } = await load('stack');
    const isNative = given.command === undefined || given.command === 'start';
    if (isNative && !given.docker) assertInstalled(await ensurePrometheus(), MISSING_PROMETHEUS);
    return runStack(given);
  },
});

import { failure, options, runCommand } from '../src/cli/index.js';
import { load } from './setup/index.mjs';

await runCommand({
  name: 'npm run history --',
  summary: 'Writes days of traffic with two incidents into the Prometheus of the stack.',
  options: {
    days: options.wholeNumber(1, 30, 'How long it is (default: 7)'),
    seed: options.wholeNumber(0, 2 ** 32 - 1, 'The same seed gives the same traffic (default: 1)'),
    target: options.hostAndPort('The label instance (default: 127.0.0.1:8000)'),
    folder: options.path('Data folder of Prometheus (default: that of the stack)'),
    docker: options.flag('Into the volume of Docker Compose instead of a folder'),
    force: options.flag('Replaces the history that is there'),
  },
  example: 'npm run history -- --days 3 --seed 2 --force',
  async run(given) {
    if (given.docker && given.folder !== undefined)
      throw failure('ERR_USAGE', '--docker and --folder name two places: leave one of them out');
    return (await load('history')).runHistory(given);
  },
});

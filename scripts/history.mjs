import { failure, readers, runCommand } from '../src/cli/index.js';
import { load } from './setup/index.mjs';

await runCommand({
  name: 'npm run history --',
  summary: 'Writes days of traffic with two incidents into the Prometheus of the stack.',
  options: {
    days: { value: 'NUMBER', reader: readers.wholeNumber(1, 30), description: 'How long it is (default: 7)' },
    seed: {
      value: 'NUMBER',
      reader: readers.wholeNumber(0, 2 ** 32 - 1),
      description: 'The same seed gives the same traffic (default: 1)',
    },
    target: {
      value: 'HOST:PORT',
      reader: readers.hostAndPort,
      description: 'The label instance (default: 127.0.0.1:8000)',
    },
    folder: {
      value: 'DIR',
      reader: readers.path,
      description: 'Data folder of Prometheus (default: that of the stack)',
    },
    docker: { description: 'Into the volume of Docker Compose instead of a folder' },
    force: { description: 'Replaces the history that is there' },
  },
  example: 'npm run history -- --days 3 --seed 2 --force',
  async run(given) {
    if (given.docker && given.folder !== undefined)
      throw failure('ERR_USAGE', '--docker and --folder name two places: leave one of them out');
    return (await load('history')).runHistory(given);
  },
});

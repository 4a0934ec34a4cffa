import { failure, readers, runCommand } from '../src/cli/index.js';
import { load } from './setup/index.mjs';

/** Fails where two options exclude each other, or one needs another. */
function check({ prometheus, folder, rule, threshold, for: fors, svg }) {
  if (prometheus !== undefined && folder !== undefined)
    throw failure('ERR_USAGE', '--prometheus and --folder name two histories: leave one of them out');
  if (rule === undefined && (threshold ?? fors ?? svg) !== undefined)
    throw failure(
      'ERR_USAGE',
      '--threshold, --for and --svg are about one alert: name it, as in --rule HighQueryLatency',
    );
}

await runCommand({
  name: 'npm run backtest --',
  summary: 'When the alerts would have fired over the history, or over a Prometheus of your own.',
  options: {
    rule: { value: 'NAME', reader: readers.text, description: 'One alert, under several thresholds and waits' },
    rules: { value: 'FILE', reader: readers.path, description: 'A rule file (default: monitoring/rules/alerts.yml)' },
    prometheus: { value: 'URL', reader: readers.url, description: 'A running Prometheus instead of the history' },
    folder: { value: 'DIR', reader: readers.path, description: "A history's folder (default: that of the stack)" },
    since: {
      value: 'DURATION',
      reader: readers.duration,
      description: 'How far back to look (default: all of the history, or 7d)',
    },
    threshold: {
      value: 'LIST',
      reader: readers.list(readers.anyNumber, '1,2,5'),
      description: 'Thresholds to try, such as 1,2,5',
    },
    for: {
      value: 'LIST',
      reader: readers.list(readers.durationOrNone, '1m,5m,10m'),
      description: 'Waits to try, such as 1m,5m,10m',
    },
    svg: { value: 'FILE', reader: readers.path, description: 'Writes a picture of the alert and its variants' },
  },
  example: 'npm run backtest -- --rule HighQueryLatency --threshold 1,2,5 --for 1m,5m',
  async run(given) {
    check(given);
    return (await load('backtest')).runBacktest(given);
  },
});

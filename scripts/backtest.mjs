import { failure, options, runCommand } from '../src/cli/index.js';
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
    rule: options.text('NAME', 'One alert, under several thresholds and waits'),
    rules: options.path('A rule file (default: monitoring/rules/alerts.yml)'),
    prometheus: options.url('A running Prometheus instead of the history'),
    folder: options.path("A history's folder (default: that of the stack)"),
    since: options.duration('How far back to look (default: all of the history, or 7d)'),
    threshold: options.numbers('Thresholds to try, such as 1,2,5'),
    for: options.durations('Waits to try, such as 1m,5m,10m'),
    svg: options.path('Where to write a picture of the alert and its variants'),
  },
  example: 'npm run backtest -- --rule HighQueryLatency --threshold 1,2,5 --for 1m,5m',
  async run(given) {
    check(given);
    return (await load('backtest')).runBacktest(given);
  },
});

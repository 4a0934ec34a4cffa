import { parseArgs } from 'node:util';
import { parseDuration } from '../prometheus/duration.js';
import { BacktestError } from './backtest-error.js';

const OPTIONS = {
  rule: { type: 'string' },
  rules: { type: 'string' },
  prometheus: { type: 'string' },
  folder: { type: 'string' },
  since: { type: 'string' },
  threshold: { type: 'string' },
  for: { type: 'string' },
  svg: { type: 'string' },
} as const;

/** What `npm run backtest` was asked for. */
export interface Arguments {
  rule: string | undefined;
  rules: string | undefined;
  prometheus: string | undefined;
  folder: string | undefined;
  sinceSeconds: number | undefined;
  thresholds: number[] | undefined;
  forsSeconds: number[] | undefined;
  svg: string | undefined;
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    const [what] = (error as Error).message.split('. ');
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new BacktestError(`${what}; known are ${known.join(', ')}`);
  }
}

function list<Item>(name: string, text: string | undefined, read: (item: string) => Item | undefined, example: string) {
  return text?.split(',').map((item) => {
    const value = read(item.trim());
    if (value !== undefined) return value;
    throw new BacktestError(`--${name}: expected a list such as ${example}, got "${text}"`);
  });
}

const finite = (text: string) => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined);

function sinceSeconds(text: string | undefined): number | undefined {
  const seconds = text === undefined ? undefined : parseDuration(text);
  if (text === undefined || (seconds !== undefined && seconds > 0)) return seconds;
  throw new BacktestError(`--since: expected a duration such as 7d, got "${text}"`);
}

function assertUrl(text: string | undefined): void {
  if (text !== undefined && !/^https?:\/\/[^\s/]/.test(text))
    throw new BacktestError(`--prometheus: expected a URL such as http://127.0.0.1:9090, got "${text}"`);
}

/** Reads the command line. @throws {BacktestError} naming the option, what was expected and what came */
export function readArguments(args: string[]): Arguments {
  const { rule, rules, prometheus, folder, svg, ...given } = parse(args);
  assertUrl(prometheus);
  if (prometheus !== undefined && folder !== undefined)
    throw new BacktestError('--prometheus and --folder name two pasts: leave one of them out');
  if (rule === undefined && [given.threshold, given.for, svg].some((one) => one !== undefined))
    throw new BacktestError('--threshold, --for and --svg are about one alert: name it, as in --rule HighQueryLatency');
  return {
    rule,
    rules,
    prometheus: prometheus?.replace(/\/+$/, ''),
    folder,
    svg,
    sinceSeconds: sinceSeconds(given.since),
    thresholds: list('threshold', given.threshold, finite, '1,2,5'),
    forsSeconds: list('for', given.for, parseDuration, '1m,5m,10m'),
  };
}

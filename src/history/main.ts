import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ToolMissingError } from '../stack/index.js';
import { writeHistoryToDocker } from './docker.js';
import { HistoryError } from './history-error.js';
import type { History } from './marker.js';
import { DATA_FOLDER, type TrafficOptions, writeHistory } from './write-history.js';

const OPTIONS = {
  days: { type: 'string', default: '7' },
  seed: { type: 'string', default: '1' },
  target: { type: 'string' },
  folder: { type: 'string' },
  docker: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
} as const;

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    const [what] = (error as Error).message.split('. ');
    throw new HistoryError(
      `${what}; known are ${Object.keys(OPTIONS)
        .map((name) => `--${name}`)
        .join(', ')}`,
    );
  }
}

function wholeNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= low && value <= high) return value;
  throw new HistoryError(`--${name}: expected a whole number from ${low} to ${high}, got "${text}"`);
}

const TARGET = /^[^\s"\\/]+:\d{1,5}$/;

function trafficOptions({ days, seed, target, force }: ReturnType<typeof readArguments>): TrafficOptions {
  if (target !== undefined && !TARGET.test(target))
    throw new HistoryError(`--target: expected host:port as in 127.0.0.1:8000, got "${target}"`);
  return {
    days: wholeNumber('days', days, 1, 30),
    seed: wholeNumber('seed', seed, 0, 2 ** 32 - 1),
    ...(target !== undefined && { target }),
    force,
  };
}

const PHASES = { traffic: 'Playing the traffic', rules: 'Evaluating the recording rules' };

/** One line for each phase, which fills up on a terminal. */
function showProgress(phase: keyof typeof PHASES, share: number): void {
  const percent = `${PHASES[phase]} … ${Math.round(share * 100)}%`;
  if (process.stdout.isTTY) process.stdout.write(`\r${percent}${share === 1 ? '\n' : ''}`);
  else if (share === 1) console.log(percent);
}

const time = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function summary({ startSeconds, endSeconds, deploySeconds, incidents }: History, place: string, seconds: number) {
  return [
    `A history from ${time(startSeconds)} to ${time(endSeconds)} lies in ${place}, after ${Math.round(seconds)} s.`,
    ...incidents.map(({ name, fromSeconds, toSeconds }) => {
      const minutes = (toSeconds - fromSeconds) / 60;
      return `  ${time(fromSeconds)}  incident: ${name}, ${minutes} minutes`;
    }),
    `  ${time(deploySeconds)}  a new version: counters begin at 0 again`,
    'A Prometheus that is running shows it within about a minute, another one from its start on.',
  ].join('\n');
}

/** npm run history [-- --days 7 --seed 1 --target HOST:PORT --folder DIR | --docker] [--force] */
async function main(): Promise<void> {
  const given = readArguments();
  if (given.docker && given.folder !== undefined)
    throw new HistoryError('--docker and --folder name two places: leave one of them out');
  const options = { ...trafficOptions(given), onProgress: showProgress };
  const folder = given.folder === undefined ? DATA_FOLDER : resolve(process.env.INIT_CWD ?? '.', given.folder);
  const startMs = performance.now();
  const history = await (given.docker ? writeHistoryToDocker(options) : writeHistory({ ...options, folder }));
  const place = given.docker ? 'the volume of Compose' : folder;
  console.log(summary(history, place, (performance.now() - startMs) / 1000));
}

// What lies in temporary folders goes when the process exits, and not when a signal ends it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

main().catch((error: unknown) => {
  if (!(error instanceof HistoryError) && !(error instanceof ToolMissingError)) throw error;
  if (process.stdout.isTTY) process.stdout.write('\n');
  console.log(error.message);
  process.exit(1);
});

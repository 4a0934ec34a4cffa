import { exitOnSignal } from '../cli/index.js';
import {
  DATA_FOLDER,
  type History,
  type TrafficOptions,
  writeHistory,
  writeHistoryToDocker,
} from '../history/index.js';

/** What `npm run history` was given. */
export interface HistoryArguments extends Pick<TrafficOptions, 'days' | 'seed' | 'target' | 'force'> {
  folder?: string;
  /** Into the volume of Compose instead of a folder. */
  docker?: boolean;
}

const PHASES = { traffic: 'Simulating the traffic', rules: 'Evaluating the recording rules' };

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

/** Writes a history, and says where it lies and what is in it. */
export async function runHistory({ docker, folder = DATA_FOLDER, ...traffic }: HistoryArguments): Promise<void> {
  exitOnSignal();
  const options = { ...traffic, onProgress: showProgress };
  const startMs = performance.now();
  const history = await (docker ? writeHistoryToDocker(options) : writeHistory({ ...options, folder }));
  console.log(summary(history, docker ? 'the volume of Compose' : folder, (performance.now() - startMs) / 1000));
}

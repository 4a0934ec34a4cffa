import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, REPOSITORY } from '../src/stack/index.js';
import { summarise } from './measure.js';
import { measurePage } from './product-page.js';
import { profiled, shares } from './profile.js';
import type { Report, Row } from './report.js';

const run = promisify(execFile);

const REPEATS = 5;

const inRepository = (path: string) => join(REPOSITORY, path);
const knownTools = (): Record<string, string> => JSON.parse(readFileSync(inRepository('.cache/tools.json'), 'utf8'));
/** Does something with a folder that is gone afterwards. */
async function withFolder<Result>(name: string, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), `m2_3-${name}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function repeated(name: string, times: number, secondsOf: () => Promise<number>): Promise<Row> {
  const seconds: number[] = [];
  for (let i = 0; i < times; i++) seconds.push(await secondsOf());
  return summarise(name, seconds);
}

/** A command of the project that reads or writes a history, and then where its time goes. */
async function measureCommand(name: string, program: string, args: string[], times: number) {
  const command = (options: string[]) =>
    run(process.execPath, [...options, inRepository(program), ...args], { cwd: REPOSITORY });
  const row = await repeated(name, times, async () => {
    const startMs = performance.now();
    await command([]);
    return (performance.now() - startMs) / 1000;
  });
  const rows = await profiled(command);
  return { row, report: { title: `Where the time of "${name}" goes`, unit: '%', rows } };
}

const START_SECONDS = 60;

/** Waits until a program has printed something. */
const untilPrinted = ({ stdout, stderr }: ChildProcess, pattern: RegExp) =>
  new Promise<void>((resolve, reject) => {
    let output = '';
    const giveUp = (why: string) => reject(new Error(`${why}: ${output}`));
    const timer = setTimeout(giveUp, START_SECONDS * 1000, `not there after ${START_SECONDS} s`);
    for (const stream of [stdout, stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
        if (!pattern.test(output)) return;
        clearTimeout(timer);
        resolve();
      });
      stream?.on('end', () => giveUp('ended early'));
    }
  });

/** Seconds that `npm start` takes where everything is set up, until the lesson and all pages beside it answer. */
const secondsOfStart = () =>
  withFolder('start', async (folder) => {
    const env = { ...process.env, STACK_FOLDER: folder, METRICS_PORT: String(await freePort()) };
    const startMs = performance.now();
    const child = spawn(process.execPath, [inRepository('scripts/start.mjs'), '--no-browser'], { env });
    const ended = once(child, 'exit');
    try {
      await untilPrinted(child, /^Dashboard +http/m);
      return (performance.now() - startMs) / 1000;
    } finally {
      child.kill('SIGINT');
      await ended;
    }
  });

interface Cell {
  id: string;
  metadata: { execution?: Record<string, string> };
}

const secondsOfCell = ({ metadata: { execution = {} } }: Cell): number =>
  (Date.parse(execution['iopub.status.idle'] ?? '') - Date.parse(execution['iopub.status.busy'] ?? '')) / 1000;

/** The lesson under a real kernel, all cells from a new kernel on. */
const measureLesson = () =>
  withFolder('lesson', async (folder) => {
    const executed = join(folder, 'executed.ipynb');
    const env = { ...process.env, DOCKER_HOST: 'tcp://127.0.0.1:1', STACK_FOLDER: join(folder, 'stack') };
    const notebook = inRepository('notebooks/M2_3_Production_Monitoring_Dashboard.ipynb');
    const args = [inRepository('tests/notebook/execute.py'), notebook, executed, '1'];
    const { stdout } = await run(knownTools().jupyterPython ?? 'python3', args, { env });
    const { problems, seconds } = JSON.parse(stdout) as { problems: string[]; seconds: number };
    if (problems.length > 0) throw new Error(`the lesson did not run: ${problems[0]}`);
    const { cells } = JSON.parse(readFileSync(executed, 'utf8')) as { cells: Cell[] };
    const parts = cells
      .map((cell): [string, number] => [cell.id, secondsOfCell(cell)])
      .filter(([, taken]) => Number.isFinite(taken));
    return {
      row: { name: 'the lesson, all cells', value: seconds },
      report: { title: 'Where the time of the lesson goes, by cells', unit: '%', rows: shares(parts) },
    };
  });

/** What else one waits for: the commands, the dashboard page and the lesson, each with where its time goes. */
export const product = (): Promise<Report[]> =>
  withFolder('history', async (folder) => {
    const start = await repeated('npm start, the second time', REPEATS, secondsOfStart);
    const history = await measureCommand(
      'npm run history, seven days',
      'scripts/history.mjs',
      ['--folder', folder, '--force'],
      1,
    );
    const backtest = await measureCommand(
      'npm run backtest, five alerts',
      'scripts/backtest.mjs',
      ['--folder', folder],
      REPEATS,
    );
    const page = await measurePage(folder);
    const lesson = await measureLesson();
    const rows = [start, history.row, backtest.row, ...page.rows, lesson.row];
    const title = 'The rest of the product';
    return [{ title, unit: 's', rows }, history.report, backtest.report, page.report, lesson.report];
  });

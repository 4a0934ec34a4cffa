import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { failure, onEndSignal } from '../../src/cli/index.js';
import { jupyterEnvironment, NOTEBOOK } from './jupyter.mjs';
import { CACHE, isRoot, ROOT, say } from './run.mjs';
import { knownTools } from './tools.mjs';

const FIRST_PORT = 8888;

const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** The port that is wanted, else the first free one from 8888 on. */
export async function choosePort(wanted) {
  const last = wanted ?? FIRST_PORT + 99;
  for (let port = wanted ?? FIRST_PORT; port <= last; port++) if (await isFree(port)) return port;
  throw failure(
    'ERR_PORT_IN_USE',
    wanted === undefined
      ? `no free port from ${FIRST_PORT} to ${last}: name one with npm start -- --port NUMBER`
      : `port ${wanted} is held by another program: choose another with --port, or leave it out`,
  );
}

function startJupyter(port, token, browser) {
  mkdirSync(CACHE, { recursive: true });
  const log = openSync(join(CACHE, 'jupyter.log'), 'w');
  const args = [NOTEBOOK, `--port=${port}`, '--port-retries=0', '--ip=127.0.0.1', `--notebook-dir=${ROOT}`];
  if (!browser) args.push('--no-browser');
  if (isRoot()) args.push('--allow-root');
  const { jupyterPython, jupyterModule } = knownTools();
  const child = spawn(jupyterPython, ['-m', jupyterModule, ...args], {
    cwd: ROOT,
    env: { ...jupyterEnvironment(), JUPYTER_TOKEN: token },
    // A process group of its own: Ctrl-C reaches this script alone, which then ends Jupyter and its kernels.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.on('error', () => undefined); // it then has no pid, which is noticed
  return child;
}

async function untilAnswering(url, child) {
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  for (let attempt = 0; attempt < 300 && isRunning() && !child.isEnding; attempt++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (child.isEnding) return false;
  child.kill('SIGKILL');
  throw failure('ERR_LESSON', 'Jupyter did not start: its messages are in .cache/jupyter.log');
}

function end(child) {
  if (child.isEnding) return;
  child.isEnding = true;
  say('\nClosing the lesson …');
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.once('exit', () => clearTimeout(last));
}

/** Opens the lesson in Jupyter, until Ctrl-C; `onOpen` is called when it answers. */
export async function openLesson({ port, browser, onOpen }) {
  const token = randomBytes(24).toString('hex');
  say('Starting Jupyter …');
  const child = startJupyter(port, token, browser);
  onEndSignal(() => end(child));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (await untilAnswering(`http://127.0.0.1:${port}/api?token=${token}`, child)) {
    const view = knownTools().jupyterModule === 'jupyterlab' ? 'lab/tree' : 'notebooks';
    say(`The lesson is open at http://127.0.0.1:${port}/${view}/${relative(ROOT, NOTEBOOK)}?token=${token}`);
    await onOpen();
    say('Press Ctrl-C here to close it.');
  }
  await ended;
}

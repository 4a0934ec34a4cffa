import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { canShowBrowser } from './setup/browser.mjs';
import { MISSING_JUPYTER, MISSING_PROMETHEUS, main, setUp } from './setup/index.mjs';
import { jupyterEnvironment, NOTEBOOK } from './setup/jupyter.mjs';
import { CACHE, isRoot, ROOT, SetupError, say } from './setup/run.mjs';
import { defaultTarget, openStack, showAddresses } from './setup/stack.mjs';
import { knownTools } from './setup/tools.mjs';

const FIRST_PORT = 8888;

function readOptions() {
  try {
    const options = { 'no-browser': { type: 'boolean' }, port: { type: 'string' } };
    return parseArgs({ options }).values;
  } catch (error) {
    throw new SetupError(
      `${error.message.split('.')[0]}; known are --no-browser and --port 8888: npm start -- --no-browser`,
    );
  }
}

const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

async function choosePort(wanted) {
  if (wanted !== undefined) {
    const port = Number(wanted);
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw new SetupError(`--port: expected a number from 1 to 65535, got "${wanted}"`);
    if (!(await isFree(port)))
      throw new SetupError(`port ${port} is held by another program: choose another with --port, or leave it out`);
    return port;
  }
  for (let port = FIRST_PORT; port < FIRST_PORT + 100; port++) if (await isFree(port)) return port;
  throw new SetupError(`no free port from ${FIRST_PORT} on: name one with npm start -- --port NUMBER`);
}

function startJupyter(port, token, browser) {
  mkdirSync(CACHE, { recursive: true });
  const log = openSync(join(CACHE, 'jupyter.log'), 'w');
  const args = [NOTEBOOK, `--port=${port}`, '--port-retries=0', '--ip=127.0.0.1', `--notebook-dir=${ROOT}`];
  if (!browser) args.push('--no-browser');
  if (isRoot()) args.push('--allow-root');
  const env = { ...jupyterEnvironment(), JUPYTER_TOKEN: token };
  // A process group of its own: Ctrl-C reaches this script alone, which then ends Jupyter and its kernels in order.
  const { jupyterPython, jupyterModule } = knownTools();
  const child = spawn(jupyterPython, ['-m', jupyterModule, ...args], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.on('error', () => undefined); // it then has no pid, which is noticed
  return child;
}

async function untilAnswering(url, child) {
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  for (let attempt = 0; attempt < 300 && isRunning() && !child.asked; attempt++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (child.asked) return false;
  child.kill('SIGKILL');
  throw new SetupError('Jupyter did not start: its messages are in .cache/jupyter.log');
}

function endOnSignal(child) {
  const end = () => {
    if (child.asked) return;
    child.asked = true;
    say('\nClosing the lesson …');
    child.kill('SIGTERM');
    const last = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => clearTimeout(last));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
}

/** The monitoring stack for the lesson's metrics; undefined, after a line that says why, where it cannot run. */
async function startStackBeside() {
  try {
    const target = await defaultTarget();
    const report = (line) => say(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
    return target && (await openStack({ target, intervalSeconds: 1, report }));
  } catch (error) {
    return void say(`The lesson opens without a monitoring stack beside it: ${error.message}`);
  }
}

async function openLesson(port, browser, stack) {
  const token = randomBytes(24).toString('hex');
  say('Starting Jupyter …');
  const child = startJupyter(port, token, browser);
  endOnSignal(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (!(await untilAnswering(`http://127.0.0.1:${port}/api?token=${token}`, child))) return ended;
  const view = knownTools().jupyterModule === 'jupyterlab' ? 'lab/tree' : 'notebooks';
  say(`The lesson is open at http://127.0.0.1:${port}/${view}/${relative(ROOT, NOTEBOOK)}?token=${token}`);
  const running = await stack;
  if (running) await showAddresses(running);
  say('Press Ctrl-C here to close it.');
  return ended;
}

await main(async () => {
  const options = readOptions();
  const { jupyter, prometheus } = await setUp();
  if (!prometheus) say(`${MISSING_PROMETHEUS}. Until then sections 1 to 5 of the lesson work.`);
  if (!jupyter) throw new SetupError(MISSING_JUPYTER);
  const port = await choosePort(options.port);
  // Jupyter takes longer, and does not wait for it.
  const stack = prometheus ? startStackBeside() : undefined;
  try {
    await openLesson(port, !options['no-browser'] && canShowBrowser(), stack);
  } finally {
    await (await stack)?.stop();
  }
});

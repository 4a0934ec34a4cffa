import { parseArgs } from 'node:util';
import { runCompose } from './setup/docker-stack.mjs';
import { MISSING_PROMETHEUS, main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { SetupError, say } from './setup/run.mjs';
import { defaultTarget, loadStack, openStack, showAddresses } from './setup/stack.mjs';
import { tableText } from './setup/table.mjs';
import { ensurePrometheus } from './setup/tools.mjs';

const KNOWN =
  'known are status, stop, reload, --target 127.0.0.1:8000, --interval 1 and --docker: npm run stack -- status';

function readOptions() {
  const options = { target: { type: 'string' }, interval: { type: 'string' }, docker: { type: 'boolean' } };
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new SetupError(`${error.message.split('.')[0]}; ${KNOWN}`);
  }
  const { values, positionals } = parsed;
  const [command = 'start', ...more] = positionals;
  const unknown = ['start', 'status', 'stop', 'reload'].includes(command) ? more[0] : command;
  if (unknown !== undefined) throw new SetupError(`unknown command "${unknown}"; ${KNOWN}`);
  return { command, ...values };
}

function readInterval(text) {
  if (text === undefined) return undefined;
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  if (seconds >= 0.1 && seconds <= 3600) return seconds;
  throw new SetupError(`--interval: expected seconds from 0.1 to 3600, got "${text}"`);
}

async function readTarget(text) {
  const target = text ?? (await defaultTarget());
  if (target === undefined)
    throw new SetupError('METRICS_PORT is 0, any free port: name the one to watch with --target 127.0.0.1:PORT');
  if (/^([\w.-]+|\[[0-9a-f:.]+\]):\d{1,5}$/i.test(target)) return target;
  throw new SetupError(`--target: expected host:port such as 127.0.0.1:8000, got "${target}"`);
}

/** Runs until Ctrl-C, or until "stop" in another terminal. */
async function runInForeground({ target, interval }) {
  if (!(await ensurePrometheus())) throw new SetupError(MISSING_PROMETHEUS);
  const report = (line) => say(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
  // Nothing of the stack keeps a process alive by itself.
  const alive = setInterval(() => undefined, 1 << 30);
  try {
    let onEnd;
    const ended = new Promise((resolve) => {
      onEnd = resolve;
    });
    const options = { target: await readTarget(target), intervalSeconds: readInterval(interval), report, onEnd };
    const stack = await openStack(options);
    if (stack.alreadyRunning) say(`The stack runs already, in process ${(await stack.status()).pid}:`);
    await showAddresses(stack);
    if (stack.alreadyRunning) return;
    say('Press Ctrl-C here to end it. Its data is kept.');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stack.stop());
    await ended;
    say('The stack has ended.');
  } finally {
    clearInterval(alive);
  }
}

/** Walks the chain; exits with 1 where it is broken. */
async function showStatus({ target, docker }) {
  const { checkChain, findStack } = await loadStack();
  const stack = docker ? undefined : await findStack();
  const known = await stack?.status();
  if (stack) await showAddresses(stack);
  else if (!docker) say('No stack of this project runs; what answers at the usual ports is looked at.');
  const links = await checkChain({ ...known, target: await readTarget(target ?? stack?.target) });
  say('');
  say(tableText(links));
  const broken = links.find(({ state }) => state === 'broken');
  say('');
  say(broken ? `The first broken link is "${broken.link}". Next: ${broken.cure}` : 'Every link holds.');
  process.exitCode = broken ? 1 : 0;
}

async function stop() {
  const { stopStack } = await loadStack();
  say((await stopStack()) ? 'The stack has ended. Its data is kept.' : 'No stack runs.');
}

async function reload() {
  const { findStack } = await loadStack();
  const stack = await findStack();
  if (!stack) throw new SetupError('no stack runs: "npm run stack" starts it');
  await stack.reload();
  say('Prometheus and Alertmanager have taken the present configuration and rules.');
}

// npm run stack [-- status | stop | reload] [--target …] [--interval …] [--docker]: the monitoring stack on this machine.
await main(async () => {
  const options = readOptions();
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  if (options.docker) {
    process.exitCode = await runCompose(options.command);
    if (options.command !== 'status' || process.exitCode !== 0) return;
  }
  const commands = { start: runInForeground, status: showStatus, stop, reload };
  await commands[options.command](options);
});

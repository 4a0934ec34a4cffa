import { keepAlive, onEndSignal, textTable } from '../cli/index.js';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { checkChain, findStack, stopStack } from '../stack/index.js';
import { runCompose } from './compose.js';
import { defaultTarget, openStack, showAddresses } from './open-stack.js';

/** What `npm run stack` was given. */
export interface StackArguments {
  command?: 'start' | 'status' | 'stop' | 'reload';
  /** `host:port` to be scraped. */
  target?: string;
  /** Seconds. */
  interval?: number;
  docker?: boolean;
}

function requireTarget(target = defaultTarget()): string {
  if (target !== undefined) return target;
  const message = 'METRICS_PORT is 0, any free port: name the one to watch with --target 127.0.0.1:PORT';
  throw new CodedError(message, 'ERR_USAGE');
}

/** Runs until Ctrl-C, or until "stop" in another terminal. */
async function runInForeground({ target, interval: intervalSeconds }: StackArguments): Promise<undefined> {
  let onEnd: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  const stack = await openStack({ target: requireTarget(target), intervalSeconds, onEnd });
  if (stack.alreadyRunning) console.log(`The stack runs already, in process ${(await stack.status()).pid}:`);
  await showAddresses(stack);
  if (stack.alreadyRunning) return;
  console.log('Press Ctrl-C here to end it. Its data is kept.');
  onEndSignal(() => void stack.stop());
  await ended;
  console.log('The stack has ended.');
}

/** Checks everything from the service to the last notification. Gives 1 where something is broken, else 0. */
async function showStatus({ target, docker }: StackArguments): Promise<number> {
  const stack = docker ? undefined : await findStack();
  if (stack) await showAddresses(stack);
  else if (!docker) console.log('No stack of this project runs; what answers at the usual ports is looked at.');
  const links = await checkChain({ ...(await stack?.status()), target: requireTarget(target ?? stack?.target) });
  console.log(`\n${textTable(links)}\n`);
  const broken = links.find(({ state }) => state === 'broken');
  console.log(broken ? `The first broken link is "${broken.link}". Next: ${broken.cure}` : 'Every link holds.');
  return broken ? 1 : 0;
}

async function stop(): Promise<undefined> {
  console.log((await stopStack()) ? 'The stack has ended. Its data is kept.' : 'No stack runs.');
}

async function reload(): Promise<undefined> {
  const stack = await findStack();
  if (!stack) throw new CodedError('no stack runs: "npm run stack" starts it', 'ERR_NO_PROMETHEUS');
  await stack.reload();
  console.log('Prometheus and Alertmanager have taken the present configuration and rules.');
}

const COMMANDS = { start: runInForeground, status: showStatus, stop, reload };

/** Starts, checks, stops or reloads the stack. Gives the exit status. */
export async function runStack(given: StackArguments): Promise<number | undefined> {
  const { command = 'start', docker } = given;
  const status = docker ? await runCompose(command) : 0;
  if (docker && (command !== 'status' || status !== 0)) return status;
  // Nothing of the stack keeps a process alive by itself.
  return keepAlive(COMMANDS[command](given));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import { alertmanagerAt } from '../../prometheus/alertmanager.js';
import { notificationsAt } from '../clients/notifications-client.js';
import { prometheusAt } from '../clients/start-prometheus.js';
import { type StackPaths, stackPaths } from '../config/stack-folder.js';
import { isRunning } from '../process/process-identity.js';
import { waitUntil } from '../process/wait-until.js';
import type { Stack } from './stack.js';
import { askSupervisor, readState, removeState, type StackState } from './stack-state.js';

/** Programs whose supervisor was killed end by themselves, and quickly. */
const ORPHANS_END_WITHIN_MS = 10_000;

/** What the stack in a folder says of itself; undefined where none runs there. */
export async function runningState({ state: file }: StackPaths): Promise<StackState | undefined> {
  const state = readState(file);
  return state === undefined || state === 'damaged' || !isRunning(state) ? undefined : askSupervisor(state);
}

const doesNotEnd = (pid: number, cause?: unknown) =>
  new CodedError(
    `the stack of process ${pid} does not answer: "kill ${pid}" ends it, and its programs`,
    'ERR_STACK_PROCESS',
    { cause },
  );

/**
 * Clears away the state of a stack that is gone, once its programs are gone too.
 * @throws {CodedError} `ERR_STACK_PROCESS` where they are not: their data is not taken from under them
 */
export async function clearStaleState({ state: file }: StackPaths, report: (line: string) => void): Promise<void> {
  const state = readState(file);
  if (state === undefined) return;
  if (state === 'damaged') report(`${file} was damaged; it is written anew`);
  else {
    report(`a stack that was not shut down (process ${state.pid}) is taken over with its data`);
    const deadline = Date.now() + ORPHANS_END_WITHIN_MS;
    while (Object.values(state.processes).some(isRunning)) {
      if (Date.now() > deadline) throw doesNotEnd(state.pid);
      await sleep(50);
    }
  }
  removeState(file);
}

async function sendCommand(state: StackState, path: '/stop' | '/reload'): Promise<void> {
  const response = await fetch(`${state.notificationsUrl}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${state.token}` },
    body: '{}',
    signal: AbortSignal.timeout(60_000),
  });
  if (response.ok) return;
  throw new CodedError(((await response.json()) as { error: string }).error, 'ERR_STACK_PROCESS');
}

/** The stack of another process, or of an earlier call: `stop` leaves it running. */
export function joinStack(paths: StackPaths, state: StackState): Stack {
  const { token: _, ...known } = state;
  return {
    prometheus: prometheusAt(state.prometheusUrl),
    alertmanager: alertmanagerAt(state.alertmanagerUrl),
    notifications: notificationsAt(state.notificationsUrl, state.startedAt),
    folder: paths.folder,
    target: state.target,
    alreadyRunning: true,
    status: async () => (await runningState(paths)) ?? { ...known, ready: false },
    announce: () => undefined,
    reload: () => sendCommand(state, '/reload'),
    stop: async () => {},
  };
}

/** The stack that runs in a folder (default: STACK_FOLDER), started by whichever process; undefined where none does. */
export async function findStack(folder?: string): Promise<Stack | undefined> {
  const paths = stackPaths(folder);
  const state = await runningState(paths);
  return state?.ready ? joinStack(paths, state) : undefined;
}

/**
 * Ends the stack that runs in a folder, whichever process started it, and waits until it is gone. False where none runs.
 * @throws {CodedError} `ERR_STACK_PROCESS` where its process does not answer
 */
export async function stopStack(folder?: string): Promise<boolean> {
  const paths = stackPaths(folder);
  const state = await runningState(paths);
  if (!state) return false;
  try {
    await sendCommand(state, '/stop');
    await waitUntil(
      'the stack has ended',
      () => readState(paths.state) === undefined && !Object.values(state.processes).some(isRunning),
      60_000,
    );
  } catch (cause) {
    throw doesNotEnd(state.pid, cause);
  }
  return true;
}

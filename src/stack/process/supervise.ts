import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import type { Child } from './child.js';
import { cureOf, isLocked, isPortHeld, lastUsefulLine } from './explain-exit.js';

/** What a supervised program does at the moment. */
export interface ProcessStatus {
  state: 'starting' | 'running' | 'restarting' | 'given up' | 'stopped';
  pid: number | undefined;
  /** How often it was started again. */
  restarts: number;
}

/** A program that is started again when it ends by itself. */
export interface Supervised {
  /** Settles when it answers for the first time. @throws {CodedError} where it never does */
  readonly ready: Promise<void>;
  status(): ProcessStatus;
  /** What it has printed since its last start. */
  output(): string;
  stop(): Promise<void>;
}

interface SuperviseOptions {
  name: string;
  launch: () => Child;
  /** Whether it, and not another program at its address, answers. */
  isReady: (child: Child) => Promise<boolean>;
  /** Is told in a line what happens. */
  report: (line: string) => void;
  /** Is called when the status has changed. */
  onChange: () => void;
}

/** An end so soon after the start is likely to come again. */
const QUICK_MS = 30_000;
const MAX_QUICK_ENDS = 5;
const FIRST_DELAY_MS = 100;
const POLL_MS = 50;

const codeOf = (line: string) => (isPortHeld(line) ? 'ERR_PORT_IN_USE' : 'ERR_STACK_PROCESS');

const signalOf = (status: number) => (status > 128 ? `by signal ${status - 128}` : `with status ${status}`);

/** Starts a program and keeps it running: with a longer pause after each quick end, and not for ever. */
export function supervise({ name, launch, isReady, report, onChange }: SuperviseOptions): Supervised {
  let child = launch();
  let current: ProcessStatus['state'] = 'starting';
  let restarts = 0;
  let quickEnds = 0;
  let wasReady = false;
  const stopping = new AbortController();
  const become = (next: ProcessStatus['state']) => {
    current = next;
    onChange();
  };

  /** One run from start to end. Gives the exit status and how long it lasted. */
  async function run(onReady: () => void): Promise<{ status: number; lastedMs: number }> {
    const startedMs = Date.now();
    while (!child.hasEnded() && !(await isReady(child))) await sleep(POLL_MS, undefined, { ref: !wasReady });
    if (!child.hasEnded()) onReady();
    const status = await child.ended;
    return { status, lastedMs: Date.now() - startedMs };
  }

  async function superviseUntilStopped(onReady: () => void): Promise<void> {
    while (!stopping.signal.aborted) {
      const { status, lastedMs } = await run(onReady);
      if (stopping.signal.aborted) return;
      const line = lastUsefulLine(child.output());
      const cure = cureOf(line);
      const quoted = `"${line}"${cure ? ` (${cure})` : ''}`;
      quickEnds = lastedMs < QUICK_MS ? quickEnds + 1 : 0;
      // What fails at the first start fails again, unless a predecessor has only not let go of the data yet.
      if (!wasReady && !isLocked(line)) throw new CodedError(`${name} did not start: ${quoted}`, codeOf(line));
      if (quickEnds >= MAX_QUICK_ENDS)
        throw new CodedError(
          `${name} ended ${quickEnds} times soon after its start and is given up: ${quoted}`,
          'ERR_STACK_PROCESS',
        );
      const delayMs = FIRST_DELAY_MS * 2 ** quickEnds;
      become('restarting');
      if (wasReady) report(`${name} ended ${signalOf(status)}; it is started again in ${delayMs / 1000} s`);
      await sleep(delayMs, undefined, { ref: !wasReady, signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      restarts += 1;
      child = launch();
    }
  }

  const ready = new Promise<void>((resolve, reject) => {
    const onReady = () => {
      if (wasReady) report(`${name} runs again`);
      wasReady = true;
      become('running');
      resolve();
    };
    superviseUntilStopped(onReady).catch((error: Error) => {
      become('given up');
      if (wasReady) report(error.message);
      reject(error);
    });
  });
  // Who does not wait for it is told by the report.
  ready.catch(() => undefined);

  return {
    ready,
    status: () => ({ state: current, pid: child.pid(), restarts }),
    output: () => child.output(),
    stop: async () => {
      stopping.abort();
      await child.stop();
      current = 'stopped';
    },
  };
}

/**
 * Processes and their supervision.
 *
 * In: a program and its arguments.
 * Out: a supervised process, its log, its exit explained.
 * Must not know: Prometheus.
 *
 * @module
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import type { Child } from './child.js';
import { isLocked, isPortHeld, lastUsefulLine, remedyOf } from './explain-exit.js';
import { identityOf } from './process-identity.js';

/** What a supervised program does at the moment. */
export interface ProcessStatus {
  state: 'starting' | 'running' | 'restarting' | 'failed' | 'stopped';
  pid: number | undefined;
  /** When that process started, as `process-identity.ts` gives it. */
  started?: string;
  /** How often it was started again. */
  restarts: number;
}

/** A program that is started again when it ends by itself. */
export interface Supervised {
  /** Settles when it answers for the first time. @throws {CodedError} `ERR_STACK_PROCESS` or `ERR_PORT_IN_USE` where it never does */
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
  /** Gets a line for each event. */
  report: (line: string) => void;
  /** Is called when the status has changed. */
  onChange: () => void;
}

/** An end so soon after the start is likely to come again. */
const QUICK_MS = 30_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 60_000;
/** Together six seconds, in which a predecessor lets go of the data. */
const LOCKED_TRIES = 5;
const POLL_MS = 50;

const codeOf = (line: string) => (isPortHeld(line) ? 'ERR_PORT_IN_USE' : 'ERR_STACK_PROCESS');

/** Starts a program and keeps it running: with a longer pause after each quick end, up to a minute. */
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
      const remedy = remedyOf(line);
      const quoted = `"${line}"${remedy ? ` (${remedy})` : ''}`;
      quickEnds = lastedMs < QUICK_MS ? quickEnds + 1 : 0;
      // What fails at the first start fails again, unless a predecessor has only not let go of the data yet.
      if (!wasReady && (!isLocked(line) || quickEnds > LOCKED_TRIES))
        throw new CodedError(`${name} did not start: ${quoted}`, codeOf(line));
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** quickEnds, LONGEST_DELAY_MS);
      become('restarting');
      const how =
        status > 128 ? `by signal ${status - 128}` : `with status ${status}${status === 0 ? '' : `: ${quoted}`}`;
      if (wasReady) report(`${name} ended ${how}; it is started again in ${delayMs / 1000} s`);
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
      become('failed');
      reject(error);
    });
  });
  // A caller that does not wait for it gets the report.
  ready.catch(() => undefined);

  return {
    ready,
    status: () => ({ state: current, pid: child.pid(), started: identityOf(child.pid())?.started, restarts }),
    output: () => child.output(),
    stop: async () => {
      stopping.abort();
      await child.stop();
      current = 'stopped';
    },
  };
}

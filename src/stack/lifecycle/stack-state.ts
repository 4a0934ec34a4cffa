import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ProcessStatus } from '../process/supervise.js';

/** What `state.json` in a stack's folder says of the stack that runs there. */
export interface StackState {
  /** The supervisor's process id. */
  pid: number;
  /** When that process started, as `process-identity.ts` gives it. */
  started?: string;
  /** ISO time. */
  startedAt: string;
  /** `host:port` that is scraped. */
  target: string;
  /** Whether Prometheus and Alertmanager have answered. */
  ready: boolean;
  prometheusUrl: string;
  alertmanagerUrl: string;
  /** Where notifications are received, and where the supervisor answers. */
  notificationsUrl: string;
  /** The dashboard page, where one is served. */
  dashboardUrl?: string;
  processes: Record<'prometheus' | 'alertmanager', ProcessStatus>;
  /** Who may end the stack has it: the file is readable by its owner only. */
  token: string;
}

const areProcesses = (processes: unknown): boolean =>
  typeof processes === 'object' &&
  processes !== null &&
  Object.values(processes).every((one) => typeof one === 'object' && one !== null);

const isState = (value: unknown): value is StackState => {
  const { pid, startedAt, target, notificationsUrl, processes } = (value ?? {}) as Partial<StackState>;
  return (
    Number.isInteger(pid) &&
    typeof startedAt === 'string' &&
    typeof target === 'string' &&
    URL.canParse(String(notificationsUrl)) &&
    areProcesses(processes)
  );
};

/** What the file says; undefined where there is none, and `damaged` where it cannot be read. */
export function readState(file: string): StackState | 'damaged' | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isState(value) ? value : 'damaged';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'damaged';
  }
}

function writeAside(file: string, state: StackState): string {
  const aside = `${file}.${process.pid}-${state.token.slice(0, 8)}`;
  writeFileSync(aside, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  return aside;
}

/** Writes the file where there is none; false where there is one. Of two processes at once, one gets it. */
export function claimState(file: string, state: StackState): boolean {
  const aside = writeAside(file, state);
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Replaces the file as a whole, so that no reader sees half of it. */
export function writeState(file: string, state: StackState): void {
  renameSync(writeAside(file, state), file);
}

export const removeState = (file: string): void => rmSync(file, { force: true });

/** Asks the supervisor that the file names. Undefined where it is gone, or another program has its address now. */
export async function askSupervisor({ pid, startedAt, token, ...stored }: StackState): Promise<StackState | undefined> {
  try {
    const response = await fetch(`${stored.notificationsUrl}/state`, { signal: AbortSignal.timeout(5000) });
    const state = (await response.json()) as StackState;
    return state.pid === pid && state.startedAt === startedAt ? { ...state, token } : undefined;
  } catch (error) {
    // It holds its port and is too busy to answer, as a kernel in the middle of a long computation.
    return (error as Error).name === 'TimeoutError' ? { pid, startedAt, token, ...stored } : undefined;
  }
}

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process by its id and the time of its start: ids are used again, after a reboot or in a container. */
export interface ProcessIdentity {
  pid: number;
  /** As the system gives it; only compared. */
  started: string;
}

/** The 22nd field of the line, of which the second, the name in brackets, may hold blanks. */
const startInStat = (line: string): string | undefined => line.slice(line.lastIndexOf(')') + 2).split(' ')[19];

function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return startInStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The boot belongs to it: on Linux a start is counted from there. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** The identity of a process that runs; undefined where none has this id. */
export function identityOf(pid: number | undefined): ProcessIdentity | undefined {
  if (!Number.isInteger(pid) || (pid as number) <= 0) return undefined;
  const start = startOf(pid as number);
  return start === undefined ? undefined : { pid: pid as number, started: `${bootId()} ${start}`.trim() };
}

/** Whether this very process still runs. */
export function isRunning(identity: Partial<ProcessIdentity> | undefined): boolean {
  const current = identityOf(identity?.pid);
  return current !== undefined && current.started === identity?.started;
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';

// The program ends when our end of its standard input closes, and so also when this process is killed and can end nothing.
// A guard, a part of the shell, reads that input: a program for it would stay behind. The guard alone keeps the third pipe
// open after the start, so that its end is noticed.
const ENDS_WITH_PARENT = `
exec 4<&0
"$@" </dev/null 3>&- 4<&- &
child=$!
echo $child >&3
(while read -r line <&4; do :; done; kill $child 2>/dev/null) >/dev/null 2>&1 &
guard=$!
exec 3>&-
wait $child
status=$?
kill $guard 2>/dev/null
exit $status`;

/**
 * On Linux the kernel itself ends a program when its parent has ended, which holds where guard and parent are killed together.
 * Empty where `setpriv` of util-linux is not there, as on macOS.
 */
const endedByKernel: string[] = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'TERM'] : [];

/** A program that does not end when it is asked to has as long. */
const ENDS_WITHIN_MS = 20_000;

/** A program that runs beside this process. */
export interface Child {
  /** What it has printed so far. */
  output(): string;
  /** Whether it has ended by itself. */
  hasEnded(): boolean;
  /** Its process id; undefined before it runs and after it has ended. */
  pid(): number | undefined;
  /** Settles when it has ended, in whatever way, with its exit status: above 128 is a signal. */
  readonly ended: Promise<number>;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

interface ChildOptions {
  cwd?: string;
  /** Is given everything that it prints. */
  onOutput?: (text: string) => void;
}

const unref = (stream: unknown) => (stream as { unref(): void }).unref();
const ref = (stream: unknown) => (stream as { ref(): void }).ref();

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch {
    // It has ended in this moment.
  }
}

/** Starts a program that ends with this process, however that ends; it does not keep this process alive. */
export function startChild(command: string, args: string[], { cwd, onOutput }: ChildOptions = {}): Child {
  const shell = [...endedByKernel, '/bin/sh', '-c', ENDS_WITH_PARENT, 'sh', ...endedByKernel, command, ...args];
  const child = spawn(shell[0] as string, shell.slice(1), {
    cwd,
    // A process group of its own: Ctrl-C, and a kernel's interrupt, reach this process alone.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [stdin, stdout, stderr, pids] = child.stdio;
  let output = '';
  let pid: number | undefined;
  for (const stream of [stdout, stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
      onOutput?.(String(chunk));
    });
    unref(stream);
  }
  (pids as Readable).on('data', (chunk) => {
    pid = Number(chunk);
  });
  // Without its guard the program would outlive this process: it is ended, and started again where it is supervised.
  (pids as Readable).once('end', () => signal(pid, 'SIGTERM'));
  unref(pids);
  unref(stdin);
  // It may end before we close its input.
  stdin.on('error', () => undefined);
  child.unref();
  // Its pipes close a moment after it has ended, and that is waited for.
  child.once('exit', () => {
    for (const pipe of [stdout, stderr, pids]) ref(pipe);
  });
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => {
      pid = undefined;
      resolve(code ?? 137);
    });
  });
  return {
    output: () => output,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    pid: () => pid,
    ended,
    stop: async () => {
      // Its pipes too: they may close after it, and are waited for.
      for (const one of [child, stdout, stderr]) ref(one);
      stdin.end();
      const last = setTimeout(() => signal(pid, 'SIGKILL'), ENDS_WITHIN_MS);
      await ended;
      clearTimeout(last);
    },
  };
}

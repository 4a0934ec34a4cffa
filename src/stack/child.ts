import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

// The program ends when our end of its standard input closes, and so also when this process is killed and can end nothing.
// The shell reads that input itself: a program for it would stay behind.
const ENDS_WITH_PARENT = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(while read -r line <&3; do :; done; kill $child 2>/dev/null) &
guard=$!
wait $child
kill $guard 2>/dev/null`;

/** A program that runs beside this process. */
export interface Child {
  /** What it has printed so far. */
  output(): string;
  /** Whether it has ended by itself. */
  hasEnded(): boolean;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a program that ends with this process, however that ends; it does not keep this process alive. */
export function startChild(command: string, args: string[], options: { cwd?: string } = {}): Child {
  const child = spawn('/bin/sh', ['-c', ENDS_WITH_PARENT, 'sh', command, ...args], { ...options, stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
    });
    (stream as unknown as { unref(): void }).unref();
  }
  (child.stdin as unknown as { unref(): void }).unref();
  child.unref();
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    output: () => output,
    hasEnded: () => child.exitCode !== null,
    stop: () => {
      child.ref();
      child.stdin.end();
      return gone;
    },
  };
}

/** A port of the loopback address that nobody holds at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

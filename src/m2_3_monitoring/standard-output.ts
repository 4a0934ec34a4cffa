import { pino } from 'pino';

/** How long a line may wait for others, in milliseconds. */
const WAIT_MS = 10;
/** Characters that are written without waiting for more. */
const ENOUGH = 8_000;
/** Characters that are kept where nothing can be written, on a full disk say; what comes then is dropped. */
const MOST = 1_000_000;

/** A pipe whose reader is slow would make us keep lines in memory, and lose them at the end: writing waits instead. */
function blockOnPipe(): void {
  const { _handle: handle } = process.stdout as unknown as { _handle?: { setBlocking?(blocking: boolean): void } };
  handle?.setBlocking?.(true);
}

/**
 * Whether lines may wait: standard output is a pipe or a file, so that nobody watches it line by line, and nobody has put a
 * function of theirs in its place, as a notebook does while a cell runs. Asked at each line.
 */
const mayWait = (): boolean =>
  process.stdout.fd === 1 && !process.stdout.isTTY && !Object.hasOwn(process.stdout, 'write');

function openPipe() {
  blockOnPipe();
  const lines = pino.destination({ dest: 1, sync: true, minLength: ENOUGH, maxLength: MOST });
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    try {
      lines.flushSync();
    } catch {
      // Nobody reads it any more, or the disk is full: a logger must not take down what it reports on.
    }
  };
  process.once('exit', flush);
  return (line: string) => {
    lines.write(line);
    if (!timer) timer = setTimeout(flush, WAIT_MS).unref();
  };
}

let writeToPipe: ((line: string) => void) | undefined;

/**
 * Where log lines go by default. Into a pipe or a file, those of 10 ms are written in one go, by SonicBoom: each write wakes
 * the reader, which takes several times as long as putting the line together. At the end of the process none is left behind.
 */
export const STANDARD_OUTPUT = {
  write(line: string): void {
    if (mayWait()) {
      writeToPipe ??= openPipe();
      writeToPipe(line);
    } else {
      process.stdout.write(line);
    }
  },
};

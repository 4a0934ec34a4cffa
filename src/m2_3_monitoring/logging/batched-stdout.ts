import { Writable } from 'node:stream';
import { loadPino } from './load-pino.js';

/** How long a line may wait for others, in milliseconds. */
const WAIT_MS = 50;
/** So many lines are written at once, wherever the program is: only a loop that does nothing but log comes to that. */
const ENOUGH_LINES = 1000;
/** Characters that are written in one go: a pipe holds 65,536 bytes, and wakes its reader at each write. */
const ENOUGH_CHARACTERS = 60_000;
/** Characters that are kept where nothing can be written, on a full disk say; what comes then is dropped. */
const MOST_CHARACTERS = 10_000_000;

/** Where log lines go. */
export interface LogDestination {
  write(line: string): void;
  /**
   * Where lines may wait for others: does later what writes one, in the order of all lines. False where they may not.
   * @param writeLine calls `write`, and does not throw
   */
  later?(writeLine: () => void): boolean;
}

/** A pipe whose reader is slow would make us keep lines in memory, and lose them at the end: writing waits instead. */
function blockOnPipe(): void {
  const { _handle: handle } = process.stdout as unknown as { _handle?: { setBlocking?(blocking: boolean): void } };
  handle?.setBlocking?.(true);
}

/**
 * Whether lines may wait: standard output is a pipe or a file, so that nobody watches it line by line, and nobody has put a
 * function of theirs in its place, as a notebook does while a cell runs. Asked at each line.
 */
function mayWait(): boolean {
  const { stdout } = process;
  return stdout.fd === 1 && !stdout.isTTY && stdout.write === Writable.prototype.write;
}

/** Whatever is said while the process exits is said at once. */
let isExiting = false;

/** The lines that wait, and their way into a pipe or a file. */
function openPipe() {
  blockOnPipe();
  const pipe = loadPino().destination({ dest: 1, sync: true, maxLength: MOST_CHARACTERS });
  let waiting: (() => void)[] = [];
  let isScheduled = false;
  let isFlushing = false;
  let text = '';

  /** Also where there is nothing new: what could not be written before is tried again. */
  function writeText(): void {
    const written = text;
    text = '';
    try {
      pipe.write(written);
    } catch {
      // Nobody reads it any more, or the disk is full: a logger must not take down what it reports on.
    }
  }

  function flush(): void {
    isScheduled = false;
    const lines = waiting;
    waiting = [];
    isFlushing = true;
    try {
      for (const writeLine of lines) writeLine();
    } finally {
      isFlushing = false;
      writeText();
    }
  }

  function later(writeLine: () => void): void {
    if (waiting.push(writeLine) >= ENOUGH_LINES || isExiting) {
      flush();
    } else if (!isScheduled) {
      isScheduled = true;
      setTimeout(flush, WAIT_MS).unref();
    }
  }

  function write(line: string): void {
    if (!isFlushing) {
      later(() => write(line));
      return;
    }
    if (text.length + line.length > ENOUGH_CHARACTERS) writeText();
    text += line;
  }

  return { flush, later, write, isFlushing: () => isFlushing };
}

let pipe: ReturnType<typeof openPipe> | undefined;

process.once('exit', () => {
  isExiting = true;
  pipe?.flush();
});

/**
 * Where log lines go by default. Into a pipe or a file, those of 50 ms are put together and written in one go: each write wakes
 * the reader, which takes several times as long as putting the line together; and code that puts many lines together in a row
 * has to get into the processor's cache, and push the service's own code out of it, only once for all. When the
 * process exits, none is left behind; a signal that ends it takes those of the last 50 ms along.
 */
export const STANDARD_OUTPUT: LogDestination = {
  write(line) {
    // A line that has waited goes where it would have gone.
    if (pipe?.isFlushing() || mayWait()) {
      pipe ??= openPipe();
      pipe.write(line);
    } else {
      process.stdout.write(line);
    }
  },
  later(writeLine) {
    if (!mayWait()) return false;
    pipe ??= openPipe();
    pipe.later(writeLine);
    return true;
  },
};

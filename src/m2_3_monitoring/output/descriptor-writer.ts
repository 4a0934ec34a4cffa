import { performance } from 'node:perf_hooks';
import { loadPino } from './load-pino.js';

export interface DescriptorWriter {
  write(line: string): void;
  flush(): void;
  /** Whether lines wait that the kernel has not taken. */
  isBehind(): boolean;
}

/** What waits at most; a line that comes then is dropped. */
const MAX_WAITING_BYTES = 16 * 2 ** 20;
/** pino's own size of a write: Docker splits what is longer. */
const WRITE_BYTES = 16_384;
/** The longest that a line of a batch waits for others. */
const BATCH_MS = 100;
const RETRY_MS = 50;
const POLL_MS = 0.5;
/** A reader that takes nothing for so long has stopped. */
const MOMENT_MS = 100;
/** When the process exits, what is not written then is lost. */
const LAST_MOMENT_MS = 1000;
/** What has to be free again before a line waits once more where none could. */
const ROOM_BYTES = 2 ** 17;

const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const sleep = (ms: number): void => void Atomics.wait(never, 0, 0, ms);

/** What became of an attempt to write: there was no room in the pipe; no room on the disk, or no reader; no room to wait. */
type Outcome = 'written' | 'full' | 'failed' | 'dropped';

/** pino's destination, which writes at once, but does not wait for the reader by itself: it would sleep until there is room. */
function openPipe(fd: number, bufferBytes: number) {
  const last = { outcome: 'written' as Outcome, waitingBytes: 0, hasTaken: false };
  const pipe = loadPino().destination({
    dest: fd,
    sync: true,
    // With 0 it would flush nothing.
    minLength: Math.max(1, bufferBytes),
    maxLength: MAX_WAITING_BYTES,
    maxWrite: Math.max(WRITE_BYTES, bufferBytes + 1),
    retryEAGAIN: (_, beingWritten, others) => {
      Object.assign(last, { outcome: 'full', waitingBytes: beingWritten + others });
      return false;
    },
  });
  // pino's own listener gives the descriptor up at the first EPIPE: a named pipe may get another reader.
  pipe.removeAllListeners('error').on('error', () => {
    if (last.outcome !== 'full') last.outcome = 'failed';
  });
  pipe.on('write', (bytes) => {
    if (bytes > 0) last.hasTaken = true;
  });
  pipe.on('drop', () => {
    last.outcome = 'dropped';
  });
  return { pipe, last };
}

/**
 * Writes lines to a descriptor, each before the call returns, or in batches of `bufferBytes`. The descriptor must not block.
 * A reader that is slow is waited for; one that has stopped is waited for only a moment, and lines are kept for it: up to 16 MiB,
 * as they are for a disk that is full.
 * @param onDrop called for each line that is given up
 */
export function openDescriptor(fd: number, bufferBytes: number, onDrop: () => void): DescriptorWriter {
  let { pipe, last } = openPipe(fd, bufferBytes);
  let isInside = false;
  let isBehind = false;
  let hasStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function attempt(act: () => void): Outcome {
    // The stack has ended in the last attempt: pino may never write again.
    if (isInside) ({ pipe, last } = openPipe(fd, bufferBytes));
    last.outcome = 'written';
    last.hasTaken = false;
    isInside = true;
    act();
    isInside = false;
    if (last.hasTaken) hasStopped = false;
    return last.outcome;
  }

  const put = (line: string): Outcome => attempt(() => pipe.write(line));
  const writeWaiting = (): Outcome => attempt(() => pipe.flush());

  /** Writes until so few bytes wait, as long as the reader takes some. */
  function writeAsRead(enoughBytes: number, momentMs = MOMENT_MS): Outcome {
    let takenAtMs = performance.now();
    for (;;) {
      const outcome = writeWaiting();
      if (outcome !== 'full' || last.waitingBytes <= enoughBytes) return outcome;
      const nowMs = performance.now();
      if (last.hasTaken) takenAtMs = nowMs;
      hasStopped = nowMs - takenAtMs > momentMs;
      if (hasStopped) return outcome;
      sleep(POLL_MS);
    }
  }

  const finish = (): void => void writeAsRead(0, LAST_MOMENT_MS);

  function tryAgain(): void {
    timer = undefined;
    process.off('exit', finish);
    settle(writeWaiting());
  }

  /** What waits is tried again soon, and when the process exits. */
  function settle(outcome: Outcome): void {
    isBehind = outcome !== 'written';
    if (isBehind) tryLater(RETRY_MS);
  }

  function tryLater(ms: number): void {
    if (timer) return;
    process.once('exit', finish);
    timer = setTimeout(tryAgain, ms).unref();
  }

  return {
    write(line) {
      let outcome = put(line);
      if (outcome === 'full' && !isBehind) outcome = writeAsRead(0);
      if (outcome === 'dropped' && !hasStopped) {
        writeAsRead(MAX_WAITING_BYTES - ROOM_BYTES);
        outcome = put(line);
      }
      if (outcome === 'dropped') onDrop();
      else settle(outcome);
      if (bufferBytes > 0) tryLater(BATCH_MS);
    },
    flush() {
      if (!isBehind && bufferBytes === 0) return;
      settle(isBehind ? writeWaiting() : writeAsRead(0));
    },
    isBehind: () => isBehind,
  };
}

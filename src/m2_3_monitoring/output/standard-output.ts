/**
 * Standard output.
 *
 * In: lines.
 * Out: the same in the kernel; a count of those that it does not take.
 * Must not know: what the lines say.
 *
 * @module
 */

import { Writable } from 'node:stream';
import { type DescriptorWriter, openDescriptor } from './descriptor-writer.js';

/** Where log lines go. */
export interface LogDestination {
  write(line: string): void;
  /** Writes what waits. */
  flush?(): void;
}

const STDOUT = 1;
/** Bytes that Node may keep for a worker thread or a function in the place of `process.stdout.write`. */
const MAX_QUEUED_BYTES = 16 * 2 ** 20;

/** Whether standard output is the process's own: worker threads have none, and a notebook replaces `write` while a cell runs. */
const isOwn = (stdout: NodeJS.WriteStream & { fd?: number }): boolean =>
  stdout.fd === STDOUT && stdout.write === Writable.prototype.write;

/**
 * Standard output. Lines go to the kernel by themselves: with `process.stdout`, those that a pipe has no room for would be lost
 * when the process exits, and fill the memory where its reader stops. That `process.stdout` is asked for at each line also makes
 * a pipe one that does not block.
 * @param bufferBytes lines wait for others up to so many bytes
 * @param onDrop called for each line that is given up
 */
export function createStandardOutput(bufferBytes: number, onDrop: () => void): Required<LogDestination> {
  let descriptor: DescriptorWriter | undefined;
  return {
    write(line) {
      const { stdout } = process;
      // What other code has left in Node's queue comes first, or the line would stand in the middle of it.
      if (isOwn(stdout) && (stdout.writableLength === 0 || descriptor?.isBehind())) {
        descriptor ??= openDescriptor(STDOUT, bufferBytes, onDrop);
        descriptor.write(line);
      } else if (stdout.writableLength > MAX_QUEUED_BYTES) {
        onDrop();
      } else {
        stdout.write(line);
      }
    },
    flush: () => descriptor?.flush(),
  };
}

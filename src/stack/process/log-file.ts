import { appendFileSync, renameSync, statSync } from 'node:fs';

const MAX_BYTES = 1_000_000;

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/**
 * A file that text is appended to; what was in it before it became too large is kept once, as `….previous`.
 * A line that cannot be written is lost: what is logged must go on when the disk is full.
 */
export function logFile(path: string, maxBytes = MAX_BYTES): { append(text: string): void } {
  return {
    append: (text) => {
      try {
        const size = sizeOf(path);
        if (size > 0 && size + text.length > maxBytes) renameSync(path, `${path}.previous`);
        appendFileSync(path, text, { mode: 0o600 });
      } catch {
        // See above.
      }
    },
  };
}

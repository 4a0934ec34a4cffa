/** A history cannot be written; the message is one line with the reason and the remedy. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly code = 'ERR_HISTORY';
}

const FULL = /no space left on device|ENOSPC/;

const REASONS: Record<string, string> = {
  EACCES: 'cannot be written: choose another with --folder, or change its owner',
  EPERM: 'cannot be written: choose another with --folder, or change its owner',
  EROFS: 'is on a read-only disk: choose another with --folder',
  ENOENT: 'cannot be made: choose another with --folder',
  ENOTDIR: 'is not a folder: choose another with --folder',
  EEXIST: 'is not a folder: choose another with --folder',
};

/** What went wrong with a folder, in a line with the remedy; other errors stay as they are. */
export function explained(error: unknown, folder: string): unknown {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || FULL.test(message))
    return new HistoryError(`the disk of ${folder} is full: free some space (a week needs about 400 MB for a minute)`);
  return REASONS[code] ? new HistoryError(`${folder} ${REASONS[code]}`) : error;
}

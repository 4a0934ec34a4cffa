import { CodedError } from '../m2_3_monitoring/errors/index.js';

const FULL = /no space left on device|ENOSPC/;

const REASONS: Record<string, string> = {
  EACCES: 'cannot be written: choose another with --folder, or change its owner',
  EPERM: 'cannot be written: choose another with --folder, or change its owner',
  EROFS: 'is on a read-only disk: choose another with --folder',
  ENOENT: 'cannot be made: choose another with --folder',
  ENOTDIR: 'is not a folder: choose another with --folder',
  EEXIST: 'is not a folder: choose another with --folder',
};

const foldersFault = (message: string, cause: unknown) => new CodedError(message, 'ERR_HISTORY_FOLDER', { cause });

/** What went wrong with a folder, in a line with the remedy; other errors stay as they are. */
export function explained(error: unknown, folder: string): unknown {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || FULL.test(message))
    return foldersFault(
      `the disk of ${folder} is full: free some space (a week needs about 400 MB for a minute)`,
      error,
    );
  return REASONS[code] ? foldersFault(`${folder} ${REASONS[code]}`, error) : error;
}

import { accessSync, constants, existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { config } from '../../../config.js';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import { makeFolder } from '../process/make-folder.js';
import { REPOSITORY } from '../process/repository.js';

/** Where a stack keeps what. */
export interface StackPaths {
  folder: string;
  /** Prometheus' data. */
  prometheus: string;
  /** Alertmanager's data. */
  alertmanager: string;
  logs: string;
  state: string;
  notifications: string;
}

/** The paths in a stack's folder; default: STACK_FOLDER. A relative one lies in the repository. */
export function stackPaths(folder: string = config.STACK_FOLDER): StackPaths {
  const absolute = resolve(REPOSITORY, folder);
  return {
    folder: absolute,
    prometheus: join(absolute, 'prometheus'),
    alertmanager: join(absolute, 'alertmanager'),
    logs: join(absolute, 'logs'),
    state: join(absolute, 'state.json'),
    notifications: join(absolute, 'notifications.jsonl'),
  };
}

const TROUBLE: Record<string, string> = {
  EACCES: 'cannot be written: change its owner, or set STACK_FOLDER to a folder of your own',
  EPERM: 'cannot be written: set STACK_FOLDER to a folder of your own',
  EROFS: 'is on a read-only disk: set STACK_FOLDER to a folder that can be written',
  ENOSPC: 'is on a full disk: free some space, or set STACK_FOLDER to a folder elsewhere',
  ENOTDIR: 'lies beneath a file: set STACK_FOLDER to a folder',
  EEXIST: 'is a file: set STACK_FOLDER to a folder',
};

/** Runs what writes into a stack's folder. @throws {CodedError} `ERR_STACK_FOLDER` where the disk refuses */
export function inFolder<Result>(folder: string, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    const trouble = TROUBLE[code] ?? `cannot be used (${code}): set STACK_FOLDER to another folder`;
    throw new CodedError(`the stack's folder ${folder} ${trouble}`, 'ERR_STACK_FOLDER', { cause });
  }
}

/** With less, Prometheus may die in the middle of a write. */
const MIN_FREE_BYTES = 20_000_000;

function assertRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < MIN_FREE_BYTES) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
}

const nearestExisting = (folder: string): string => (existsSync(folder) ? folder : nearestExisting(dirname(folder)));

/** Makes the folders, and writes into them to see that this is possible. @throws {CodedError} `ERR_STACK_FOLDER` */
export function prepareFolder({ folder, prometheus, alertmanager, logs }: StackPaths): void {
  inFolder(folder, () => {
    // mkdir says of a read-only disk that the folder is not there.
    accessSync(nearestExisting(folder), constants.W_OK);
    for (const one of [folder, prometheus, alertmanager, logs]) {
      makeFolder(one);
      const probe = join(one, `.probe-${process.pid}`);
      writeFileSync(probe, '');
      rmSync(probe);
    }
    assertRoom(folder);
  });
}

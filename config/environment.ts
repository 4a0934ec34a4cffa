import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';

/** Why a file or link cannot be trusted, and the next step; undefined where it can. */
type Distrust = string | undefined;

/** Root may change everything anyway, and images of containers leave files to it. Windows has no such owners. */
function distrustOwner({ uid }: Stats): Distrust {
  const self = process.geteuid?.() ?? uid;
  return uid === self || uid === 0 ? undefined : 'another user owns it: change its owner, or remove it';
}

const OTHERS_WRITE = 0o002;
const GROUP_WRITES = 0o020;

/** Where each user has a private group, with the user's own number, files are the group's to write by default. */
function distrustMode({ uid, gid, mode }: Stats): Distrust {
  const isWritten = (mode & OTHERS_WRITE) !== 0 || ((mode & GROUP_WRITES) !== 0 && gid !== uid);
  return isWritten && process.platform !== 'win32' ? 'other users may write it: run "chmod go-w" on it' : undefined;
}

class UntrustedFile extends Error {}

function trust(distrust: Distrust): void {
  if (distrust !== undefined) throw new UntrustedFile(distrust);
}

/** What is opened is checked, so that nothing can be put in its place; a pipe without a writer is not waited for. */
function readTrusted(path: string): string {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(descriptor);
    trust(stats.isFile() ? (distrustOwner(stats) ?? distrustMode(stats)) : 'it is not a file: give it another name');
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a `.env`; undefined, with a warning where there is one, if it is not to be read. */
function readEnvFile(path: string): string | undefined {
  try {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (!entry) return undefined;
    trust(distrustOwner(entry));
    return readTrusted(path);
  } catch (error) {
    const reason = error instanceof UntrustedFile ? error.message : `it cannot be read (${(error as Error).message})`;
    process.emitWarning(`${path} is ignored: ${reason}`, { code: 'ENV_FILE_IGNORED' });
    return undefined;
  }
}

/** The folder of the nearest package.json, from a folder upwards. */
function projectRoot(folder: string): string | undefined {
  if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(folder) === folder ? undefined : projectRoot(dirname(folder));
}

/** The working directory and the project's root: a folder above them may be anyone's. Neither where the directory is gone. */
function trustedFolders(): Set<string> {
  try {
    const folder = process.cwd();
    return new Set([folder, projectRoot(folder) ?? folder]);
  } catch {
    return new Set();
  }
}

function fromEnvFile(): NodeJS.Dict<string> {
  for (const folder of trustedFolders()) {
    const text = readEnvFile(join(folder, '.env'));
    // Some editors begin a file with a byte order mark, which would become part of the first name.
    if (text !== undefined) return parseEnv(text.replace(/^\uFEFF/, ''));
  }
  return {};
}

/** The variables of this process: its environment first, then the `.env` of the working directory or of the project's root. */
export const environment: NodeJS.Dict<string> = { ...fromEnvFile(), ...process.env };

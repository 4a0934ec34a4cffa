import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Everything that is installed for the project, besides node_modules, lies in here; deleting it is safe. */
export const CACHE = join(ROOT, '.cache');

export const say = (line) => console.log(line);
export const isRoot = () => process.getuid?.() === 0;

/** Runs a program to its end without a shell, and gives its output. */
export async function runQuietly(command, args, { cwd = ROOT, env = process.env } = {}) {
  mkdirSync(CACHE, { recursive: true });
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise((done) => {
    child.on('error', (error) => done(error.code));
    child.on('close', done);
  });
  return { ok: code === 0, output };
}

/** Installs packages of Debian or Ubuntu into the system; needs root. */
export async function installFromDebian(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly('apt-get', ['update'], { env });
  return runQuietly('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
}

/** Says what is about to happen, and prints a dot a second while it does: on standard error, for the rest may be piped. */
export async function step(title, action) {
  process.stderr.write(`${title} `);
  const dots = setInterval(() => process.stderr.write('.'), 1000);
  try {
    return await action();
  } finally {
    clearInterval(dots);
    process.stderr.write('\n');
  }
}

/** What a short command prints, or undefined where it is missing or fails. */
export function ask(command, args, env = process.env) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', env, timeout: 20_000 });
  return status === 0 ? stdout.trim() : undefined;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Absolute path of the first of these names that is in one of the folders (default: PATH). */
export function findExecutable(names, folders = (process.env.PATH ?? '').split(delimiter)) {
  // npm puts the project's own binaries first; a program of the machine is meant here.
  const places = folders.filter((folder) => folder !== '' && !folder.includes('node_modules'));
  for (const folder of places)
    for (const name of names) if (isExecutable(join(folder, name))) return join(folder, name);
  return undefined;
}

/** The last lines that say what went wrong, for an error message. */
export const lastLine = (output) => output.trim().split('\n').at(-1) ?? '';

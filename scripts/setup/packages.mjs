import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { failure } from '../../src/cli/index.js';
import { bundlePage } from './page-bundle.mjs';
import { ROOT, runQuietly, step } from './run.mjs';

// npm writes this file when an installation is complete.
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** The line in which npm says what went wrong; its last ones only say where the log is. */
const npmReason = (output) => output.match(/npm error (?!code|errno|syscall)(\S.*)/)?.[1] ?? 'npm did not start';

/** npm packages, from the lock file, if missing or older than it. */
export async function ensurePackages() {
  if (modified(INSTALLED) >= modified(join(ROOT, 'package-lock.json'))) return;
  const title = 'Installing npm packages into node_modules (about 470 MB, half a minute)';
  const { ok, output } = await step(title, () => runQuietly('npm', ['ci', '--no-progress', '--loglevel=error']));
  if (!ok)
    throw failure(
      'ERR_SETUP',
      `npm packages could not be installed (${npmReason(output)}): check the network, then run npm ci`,
    );
}

// The lock file too: the page's bundle holds packages.
const SOURCES = ['config.ts', 'config', 'tsconfig.json', 'package-lock.json', 'src', 'tests', 'bench', 'data'];

const filesIn = (path) =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];

/** The programs that Node runs, then those of the dashboard page, which a browser runs. */
async function compile() {
  for (const project of ['.', 'src/page/client']) {
    const result = await runQuietly(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project]);
    if (!result.ok) return result;
  }
  try {
    await bundlePage();
    return { ok: true };
  } catch (error) {
    return { ok: false, output: error.message };
  }
}

/** What is compiled, if a source is newer. */
export async function ensureBuild() {
  const stamp = join(ROOT, 'dist/.complete');
  // A source that is gone leaves no trace but in the list.
  const files = SOURCES.flatMap((source) => filesIn(join(ROOT, source)));
  const list = files.map((file) => relative(ROOT, file)).join('\n');
  const changed = Math.max(...files.map(modified));
  if (modified(stamp) >= changed && readFileSync(stamp, 'utf8') === list) return;
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  const { ok, output } = await step('Building dist/', compile);
  if (!ok) throw failure('ERR_SETUP', `the build failed:\n${output}`);
  writeFileSync(stamp, list);
}

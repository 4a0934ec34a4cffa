import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { failure } from '../../src/cli/index.js';
import { ensureJupyter } from './jupyter.mjs';
import { ensureBuild, ensurePackages } from './packages.mjs';
import { ROOT } from './run.mjs';
import { ensurePrometheus } from './tools.mjs';

export const MISSING_JUPYTER =
  'Jupyter is missing and could not be installed: run "pip install jupyterlab" (or, on Debian, "apt-get install jupyter-notebook jupyter-nbconvert"), then this command again';
export const MISSING_PROMETHEUS =
  'Prometheus is missing and could not be installed: put prometheus, promtool, alertmanager and amtool on PATH ("brew install prometheus alertmanager", "apt-get install prometheus prometheus-alertmanager"), then run this command again';

/** Fails with the message, which names the remedy. */
export function assertInstalled(isThere, message) {
  if (!isThere) throw failure('ERR_SETUP', message);
}

/** Installs and compiles what is missing, and loads what a command does: a file of src/commands. */
export async function load(command) {
  await ensurePackages();
  await ensureBuild();
  return (await import(pathToFileURL(join(ROOT, 'dist/src/commands', `${command}.js`)).href)).default;
}

/** Sets up what the project needs, each part only where it is missing. Says what it installs before it does. */
export async function setUp() {
  await ensurePackages();
  await ensureBuild();
  return { jupyter: await ensureJupyter(), prometheus: await ensurePrometheus() };
}

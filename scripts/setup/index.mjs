import { ensureJupyter } from './jupyter.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './packages.mjs';
import { SetupError, say } from './run.mjs';
import { ensurePrometheus } from './tools.mjs';

export const MISSING_JUPYTER =
  'Jupyter is missing and could not be installed: run "pip install jupyterlab" (or, on Debian, "apt-get install jupyter-notebook jupyter-nbconvert"), then this command again';
export const MISSING_PROMETHEUS =
  'Prometheus is missing and could not be installed: put prometheus, promtool, alertmanager and amtool on PATH ("brew install prometheus alertmanager", "apt-get install prometheus prometheus-alertmanager"), then run this command again';

/** Sets up what the project needs, each part only where it is missing. Says what it installs before it does. */
export async function setUp() {
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  return { jupyter: await ensureJupyter(), prometheus: await ensurePrometheus() };
}

/** Runs a command of the project; an expected failure ends it with one line. */
export async function main(command) {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

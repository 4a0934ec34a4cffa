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

const DISK_TROUBLE = {
  EACCES: 'cannot be written: clone the project into a folder of your own, or change its owner',
  EROFS: 'is on a read-only disk: clone the project into a folder that can be written',
  ENOSPC: 'is on a full disk: free some space, then run this command again',
};

const EXPECTED = /^ERR_(CONFIG|STACK_\w+|PORT_IN_USE|TOOL_MISSING)$/;

/** Runs a command of the project; an expected failure ends it with one line. */
export async function main(command) {
  try {
    await command();
  } catch (error) {
    // The compiled code has expected failures of its own, such as a bad setting; each is one line.
    const isExpected = error instanceof SetupError || EXPECTED.test(error.code);
    if (!isExpected && !DISK_TROUBLE[error.code]) throw error;
    say(isExpected ? error.message : `${error.path ?? 'the project folder'} ${DISK_TROUBLE[error.code]}`);
    process.exitCode = 1;
  }
}

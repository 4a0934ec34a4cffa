import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MISSING_JUPYTER, main, setUp } from './setup/index.mjs';
import { jupyterEnvironment, NOTEBOOK } from './setup/jupyter.mjs';
import { ROOT, SetupError, say } from './setup/run.mjs';
import { knownTools } from './setup/tools.mjs';

// npm run notebook: runs the lesson once and stores its outputs in it, without the paths of this machine.
await main(async () => {
  const { jupyter } = await setUp();
  if (!jupyter) throw new SetupError(MISSING_JUPYTER);
  say('Running the lesson (a minute and a half) …');
  // Without a Docker engine, as most readers have none, and without a past: the tests expect the same.
  const folder = mkdtempSync(join(tmpdir(), 'm2_3-lesson-'));
  const env = { ...jupyterEnvironment(), DOCKER_HOST: 'tcp://127.0.0.1:1', STACK_FOLDER: folder };
  const args = [join(ROOT, 'tests/notebook/execute.py'), NOTEBOOK, NOTEBOOK, '1'];
  const { problems, seconds } = JSON.parse(execFileSync(knownTools().jupyterPython, args, { encoding: 'utf8', env }));
  rmSync(folder, { recursive: true, force: true });
  writeFileSync(NOTEBOOK, readFileSync(NOTEBOOK, 'utf8').replaceAll(`${ROOT}/`, ''));
  for (const problem of problems) say(problem);
  if (problems.length > 0) throw new SetupError('the lesson did not run: see the cells above');
  say(`The lesson ran in ${seconds} s; its outputs are stored.`);
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure, runCommand } from '../src/cli/index.js';
import { assertInstalled, MISSING_JUPYTER, setUp } from './setup/index.mjs';
import { jupyterEnvironment, NOTEBOOK } from './setup/jupyter.mjs';
import { ROOT, say } from './setup/run.mjs';
import { knownTools } from './setup/tools.mjs';

/** Runs the lesson in place. Without a Docker engine, as most readers have none, and without a history: the tests expect it. */
function executeLesson() {
  const folder = mkdtempSync(join(tmpdir(), 'm2_3-lesson-'));
  const env = { ...jupyterEnvironment(), DOCKER_HOST: 'tcp://127.0.0.1:1', STACK_FOLDER: folder };
  const args = [join(ROOT, 'tests/notebook/execute.py'), NOTEBOOK, NOTEBOOK, '1'];
  try {
    return JSON.parse(execFileSync(knownTools().jupyterPython, args, { encoding: 'utf8', env }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runCommand({
  name: 'npm run notebook --',
  summary: 'Runs the lesson once and stores its outputs in it, without the paths of this machine.',
  example: 'npm run notebook',
  async run() {
    assertInstalled((await setUp()).jupyter, MISSING_JUPYTER);
    say('Running the lesson (a minute and a half) …');
    const { problems, seconds } = executeLesson();
    writeFileSync(NOTEBOOK, readFileSync(NOTEBOOK, 'utf8').replaceAll(`${ROOT}/`, ''));
    for (const problem of problems) say(problem);
    if (problems.length > 0) throw failure('ERR_LESSON', 'the lesson did not run: see the cells above');
    say(`The lesson ran in ${seconds} s; its outputs are stored.`);
  },
});

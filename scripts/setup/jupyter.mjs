import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ask,
  CACHE,
  findExecutable,
  installFromDebian,
  isRoot,
  lastLine,
  ROOT,
  runQuietly,
  say,
  step,
} from './run.mjs';
import { knownTools, rememberTools } from './tools.mjs';

const HOME = join(CACHE, 'jupyter');
const VENV = join(CACHE, 'venv');
export const NOTEBOOK = join(ROOT, 'notebooks/M2_3_Production_Monitoring_Dashboard.ipynb');

/** Jupyter's folders inside the project: the kernel, settings and trust of the lesson touch nothing of the user's own. */
export const jupyterEnvironment = () => ({
  ...process.env,
  JUPYTER_PATH: HOME,
  JUPYTER_DATA_DIR: HOME,
  JUPYTER_CONFIG_DIR: join(HOME, 'config'),
  JUPYTER_RUNTIME_DIR: join(HOME, 'runtime'),
  IPYTHONDIR: join(HOME, 'ipython'),
});

/** The interpreter that a Python program's first lines name; pip writes it in a second line where it has a space. */
function interpreterOf(program) {
  const text = readFileSync(program, 'utf8');
  const [, quoted] = /^#!\/bin\/sh\n.{3}exec' "?([^"\n]+?)"? "\$0"/.exec(text) ?? [];
  const [, path = quoted] = quoted ? [] : (/^#!\s*(\S+)/.exec(text) ?? []);
  return path && !path.endsWith('/env') && existsSync(path) ? path : findExecutable(['python3']);
}

/** Which front end an interpreter can start; Lab where it is there. */
function jupyterOf(python) {
  if (!python || ask(python, ['-c', 'import nbclient, nbconvert, jupyter_client']) === undefined) return undefined;
  const jupyterModule = ['jupyterlab', 'notebook'].find((name) => ask(python, ['-m', name, '--version']) !== undefined);
  return jupyterModule && { jupyterPython: python, jupyterModule };
}

function onPath() {
  const program = findExecutable(['jupyter-lab']) ?? findExecutable(['jupyter-notebook']);
  return program && jupyterOf(interpreterOf(program));
}

const FROM_PYTHON_INDEX = ['jupyterlab==4.4.9', 'nbconvert==7.16.6'];
const FROM_DEBIAN = ['jupyter-notebook', 'jupyter-nbconvert'];

async function fromPythonIndex() {
  const python = findExecutable(['python3']);
  if (!python) return undefined;
  const title = 'Installing JupyterLab with pip into .cache/venv (about 200 MB, one to two minutes)';
  const { ok, output } = await step(title, async () => {
    const venv = await runQuietly(python, ['-m', 'venv', '--clear', VENV]);
    const options = ['--quiet', '--retries', '0', '--timeout', '15'];
    const install = ['-m', 'pip', 'install', ...options, ...FROM_PYTHON_INDEX];
    return venv.ok ? runQuietly(join(VENV, 'bin/python'), install) : venv;
  });
  if (!ok) return void say(`  not to be had (${lastLine(output)})`);
  return jupyterOf(join(VENV, 'bin/python'));
}

async function fromDebian() {
  if (!findExecutable(['apt-get']) || !isRoot()) return undefined;
  const title = `Installing Debian's packages ${FROM_DEBIAN.join(' and ')} with apt-get (about 150 MB)`;
  const { ok, output } = await step(title, () => installFromDebian(FROM_DEBIAN));
  if (!ok) return void say(`  not to be had (${lastLine(output)})`);
  return jupyterOf('/usr/bin/python3');
}

/** The kernel's description, with absolute paths: it works from any folder, and beside any other tslab. */
function writeKernel() {
  const folder = join(HOME, 'kernels/tslab');
  const tslab = join(ROOT, 'node_modules/tslab/bin/tslab');
  const spec = {
    argv: [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}'],
    display_name: 'TypeScript',
    language: 'typescript',
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
}

/** Jupyter holds back the outputs of a notebook that did not run on this machine, unless it is told to trust it. */
function trustNotebook(python) {
  const stamp = join(HOME, 'trusted');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(NOTEBOOK).mtimeMs) return;
  if (ask(python, ['-m', 'nbformat.sign', NOTEBOOK], jupyterEnvironment()) !== undefined) writeFileSync(stamp, '');
}

/** Jupyter with the project's TypeScript kernel: on PATH, else by pip, else Debian's. False if not to be had. */
export async function ensureJupyter() {
  const known = knownTools();
  const complete = known.jupyterPython && known.jupyterModule;
  const tools = complete ? known : (onPath() ?? (await fromPythonIndex()) ?? (await fromDebian()));
  if (!tools) return false;
  if (!complete) rememberTools(tools);
  writeKernel();
  trustNotebook(tools.jupyterPython);
  return true;
}

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { summarise } from './measure.js';
import type { Report } from './report.js';

const REPOSITORY = join(__dirname, '../..');
const ROUNDS = 15;

function timeOfStart(code: string): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, ['-e', code], { cwd: REPOSITORY });
  if (status !== 0) throw new Error(`node -e ${code} failed`);
  return performance.now() - start;
}

const PROGRAMS: [name: string, code: string, isOurs?: true][] = [
  ['Node alone', '0'],
  ['prom-client and pino', "require('prom-client'); require('pino')"],
  ['m2_3_monitoring', "require('m2_3_monitoring')", true],
  ['the same with its first logger', "new (require('m2_3_monitoring').StructuredLogger)('bench')"],
];

function sizeOf(path: string): number {
  const stat = statSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stat.size;
}

/** What a service installs with the module: its packages and their size. */
function installed(): { packages: number; megabytes: number } {
  const list = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable', '--workspaces=false'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  const folders = list
    .trim()
    .split('\n')
    .filter((path) => path.includes('node_modules'));
  const own = ['dist/config', 'dist/data', 'dist/src/m2_3_monitoring'].map((path) => join(REPOSITORY, path));
  const bytes = [...folders, ...own].reduce((sum, path) => sum + sizeOf(path), 0);
  return { packages: folders.length, megabytes: bytes / 1e6 };
}

/** How long a process takes to start with the module, and what is installed with it. */
export async function startUp(): Promise<Report> {
  const samples = new Map(PROGRAMS.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, code] of PROGRAMS) samples.get(name)?.push(timeOfStart(code));
  }
  const rows = PROGRAMS.map(([name, , isOurs]) => summarise(name, samples.get(name) ?? [], isOurs));
  const { packages, megabytes } = installed();
  return {
    title: 'Start of a process',
    unit: 'ms',
    rows,
    notes: [`Installed with the module: ${packages} packages, ${megabytes.toFixed(1)} MB with the module itself.`],
  };
}

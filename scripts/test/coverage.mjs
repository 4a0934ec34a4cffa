import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CACHE, ROOT, runQuietly, say } from '../setup/run.mjs';

const FOLDER = join(CACHE, 'coverage');
const REPORT = join(FOLDER, 'report');
const WORST = 10;

/** Lets every process of a run, those that tests start too, write down which lines it has executed. */
export function coverageEnvironment() {
  rmSync(FOLDER, { recursive: true, force: true });
  return { NODE_V8_COVERAGE: FOLDER };
}

// Node's own report has neither source maps nor a choice of files before Node 22. The page's client runs in a browser.
const options = ['--src', 'src', '--include', 'src/**', '--exclude', 'src/page/client/**', '--exclude-after-remap'];
const report = ['--merge-async', '--reporter', 'json-summary', '--reports-dir', REPORT, '--temp-directory', FOLDER];

async function summarise() {
  const args = [join(ROOT, 'node_modules/c8/bin/c8.js'), 'report', ...options, ...report];
  const { ok, output } = await runQuietly(process.execPath, args);
  if (!ok) throw new Error(`the coverage could not be summarised: ${output.trim()}`);
  return JSON.parse(readFileSync(join(REPORT, 'coverage-summary.json'), 'utf8'));
}

const percent = ({ pct }) => `${pct.toFixed(1)} %`;

/** Prints how much of src/ a run has executed: in all, and of the files with the smallest share. */
export async function printCoverage() {
  const { total, ...files } = await summarise();
  const { lines, branches, functions } = total;
  say(
    `\nCoverage of src/: ${percent(lines)} of lines, ${percent(branches)} of branches, ${percent(functions)} of functions`,
  );
  const worst = Object.entries(files).sort(([, one], [, other]) => one.lines.pct - other.lines.pct);
  for (const [path, { lines }] of worst.slice(0, WORST))
    say(`${percent(lines).padStart(8)} of ${String(lines.total).padStart(3)} lines  ${relative(ROOT, path)}`);
  rmSync(FOLDER, { recursive: true, force: true });
}

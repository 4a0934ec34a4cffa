import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CACHE, ROOT, say } from '../setup/run.mjs';

const FOLDER = join(CACHE, 'coverage');
// The page's client runs in a browser: it is in no report of Node.
const SOURCES = ['dist/config', 'dist/src/', 'src/'].map((path) => pathToFileURL(join(ROOT, path)).href);
const WORST = 10;

/** Lets every process of a run, those that tests start too, write down which code it has executed. */
export function coverageEnvironment() {
  rmSync(FOLDER, { recursive: true, force: true });
  return { NODE_V8_COVERAGE: FOLDER };
}

/** What one process has executed of the project's own files. */
function readReport(name) {
  try {
    const { result } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
    return { result: result.filter(({ url }) => SOURCES.some((folder) => url.startsWith(folder))) };
  } catch {
    return { result: [] }; // a process that was killed while it wrote
  }
}

/** What was executed of the source file from which a script was compiled. */
async function toSource({ url, functions }, v8ToIstanbul) {
  const converter = v8ToIstanbul(fileURLToPath(url));
  await converter.load();
  converter.applyCoverage(functions);
  return converter.toIstanbul();
}

/** What all processes have executed together, by source file. */
async function readCoverage() {
  // Loaded only here: this file is read before the packages are installed.
  const { mergeProcessCovs } = await import('@bcoe/v8-coverage');
  const { default: v8ToIstanbul } = await import('v8-to-istanbul');
  const { default: istanbul } = await import('istanbul-lib-coverage');
  const coverage = istanbul.createCoverageMap();
  const { result } = mergeProcessCovs(readdirSync(FOLDER).map(readReport));
  for (const script of result) coverage.merge(await toSource(script, v8ToIstanbul));
  return coverage;
}

const percent = ({ pct }) => `${pct.toFixed(1)} %`;

/** Prints how much of config and src a run has executed: in all, and of the files with the smallest share of lines. */
export async function printCoverage() {
  const coverage = await readCoverage();
  const { lines, branches, functions } = coverage.getCoverageSummary();
  const all = `${percent(lines)} of lines, ${percent(branches)} of branches, ${percent(functions)} of functions`;
  say(`\nCoverage of config and src: ${all}`);
  const files = coverage.files().map((path) => ({ path, lines: coverage.fileCoverageFor(path).toSummary().lines }));
  files.sort((one, other) => one.lines.pct - other.lines.pct);
  for (const { path, lines } of files.slice(0, WORST))
    say(`${percent(lines).padStart(8)} of ${String(lines.total).padStart(3)} lines  ${relative(ROOT, path)}`);
  rmSync(FOLDER, { recursive: true, force: true });
}

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

const share = (counts) => ({ total: counts.length, covered: counts.filter((count) => count > 0).length });

/** Lines, branches and functions of the source file from which a script was compiled, and how many of them were executed. */
async function summarise({ url, functions }, v8ToIstanbul) {
  const converter = v8ToIstanbul(fileURLToPath(url));
  await converter.load();
  converter.applyCoverage(functions);
  const [{ path, s, b, f }] = Object.values(converter.toIstanbul());
  return {
    path: relative(ROOT, path),
    lines: share(Object.values(s)),
    branches: share(Object.values(b).flat()),
    functions: share(Object.values(f)),
  };
}

const ratio = ({ total, covered }) => (total === 0 ? 1 : covered / total);
const percent = (counts) => `${(100 * ratio(counts)).toFixed(1)} %`;

function sumOf(files, kind) {
  const sum = (key) => files.reduce((total, file) => total + file[kind][key], 0);
  return percent({ total: sum('total'), covered: sum('covered') });
}

/** Prints how much of config and src a run has executed: in all, and of the files with the smallest share of lines. */
export async function printCoverage() {
  // Loaded only here: this file is read before the packages are installed.
  const { mergeProcessCovs } = await import('@bcoe/v8-coverage');
  const { default: v8ToIstanbul } = await import('v8-to-istanbul');
  const { result } = mergeProcessCovs(readdirSync(FOLDER).map(readReport));
  const files = [];
  for (const script of result) files.push(await summarise(script, v8ToIstanbul));
  const [lines, branches, functions] = ['lines', 'branches', 'functions'].map((kind) => sumOf(files, kind));
  say(`\nCoverage of config and src: ${lines} of lines, ${branches} of branches, ${functions} of functions`);
  files.sort((one, other) => ratio(one.lines) - ratio(other.lines));
  for (const { path, lines } of files.slice(0, WORST))
    say(`${percent(lines).padStart(8)} of ${String(lines.total).padStart(3)} lines  ${path}`);
  rmSync(FOLDER, { recursive: true, force: true });
}

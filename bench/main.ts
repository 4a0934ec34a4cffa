import { execFileSync } from 'node:child_process';
import { perCall, perCallByAnswer, perCallOfAllKinds, perCallWithIds } from './per-call.js';
import { perLine } from './per-line.js';
import { perScrape } from './per-scrape.js';
import { perSeries } from './per-series.js';
import { perStream } from './per-stream.js';
import { product } from './product.js';
import { print, type Report } from './report.js';
import { service } from './service.js';
import { startUp } from './start-up.js';

const SUITES: Record<string, () => Promise<Report | Report[]>> = {
  call: perCall,
  'call-kinds': perCallOfAllKinds,
  'call-answers': perCallByAnswer,
  'call-with-ids': perCallWithIds,
  stream: perStream,
  scrape: perScrape,
  series: perSeries,
  line: perLine,
  service,
  'start-up': startUp,
};
/** What needs Prometheus, Chromium and Jupyter, and three minutes of its own. */
const SUITES_BY_NAME: typeof SUITES = { product };
const ALL_SUITES = { ...SUITES, ...SUITES_BY_NAME };

/** Runs one suite in a process of its own: what it has switched on, and the garbage that it leaves, meet no other. */
function runApart(suite: string): Report[] {
  const output = execFileSync(process.execPath, ['--expose-gc', __filename, '--suite', suite], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.slice(output.lastIndexOf('\n[') + 1));
}

async function runHere(suite: string): Promise<void> {
  const reports = await ALL_SUITES[suite]?.();
  process.stdout.write(`\n${JSON.stringify([reports].flat())}`, () => process.exit(0));
}

/** Compares with what a user would use instead, in one run: `[suite …] [--json]`, as scripts/bench.mjs gives them. */
function main(args: string[]): void {
  const isJson = args.includes('--json');
  const named = args.filter((arg) => arg !== '--json');
  if (!isJson)
    console.log(
      `Node ${process.version}, ${process.arch}. The work behind each figure is counted; docs/benchmarks.md explains them.`,
    );
  const reports: Report[] = [];
  for (const suite of named.length > 0 ? named : Object.keys(SUITES)) {
    const found = runApart(suite);
    reports.push(...found);
    if (!isJson) found.forEach(print);
  }
  if (isJson) console.log(JSON.stringify({ node: process.version, reports }, null, 2));
}

const [flag, suite = ''] = process.argv.slice(2);
if (flag === '--suite') void runHere(suite);
else main(process.argv.slice(2));

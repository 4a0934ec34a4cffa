import { type Candidate, measure, type Result } from './measure.js';
import { perCall } from './per-call.js';
import { perLine } from './per-line.js';

const SUITES: [title: string, candidates: () => Candidate[]][] = [
  ['One monitored call (nine updates), in nanoseconds', perCall],
  ['One log line, in nanoseconds', perLine],
];

function print(title: string, results: Result[]): void {
  const own = results.at(-1)?.medianNs ?? Number.NaN;
  console.log(`\n${title}`);
  console.table(
    Object.fromEntries(
      results.map(({ name, medianNs, spread }) => [
        name,
        {
          ns: Math.round(medianNs),
          'spread ±%': Math.round(spread * 100),
          'ours is': `${(own / medianNs).toFixed(2)}×`,
        },
      ]),
    ),
  );
}

/** Compares with what a user would use instead, in one run; `--json` prints the figures for programs. */
async function main(): Promise<void> {
  const report: Record<string, Result[]> = {};
  for (const [title, candidates] of SUITES) report[title] = await measure(candidates());
  if (process.argv.includes('--json'))
    return void console.log(JSON.stringify({ node: process.version, report }, null, 2));
  console.log(
    `Node ${process.version}, ${process.arch}. Medians of interleaved rounds; the work of each is counted afterwards.`,
  );
  for (const [title, results] of Object.entries(report)) print(title, results);
}

void main();

import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogueMetrics, type KnownMetric, KnownMetrics } from '../analysis/known-metrics.js';
import { metricsOfPage } from '../analysis/page-metrics.js';
import { firstLine, LintInputError } from '../input/input-error.js';
import { toSeconds } from '../syntax/grammar.js';
import { splitThreshold } from '../syntax/split-threshold.js';
import { DEFAULTS, type LintOptions } from './lint.js';
import { lintFiles, lintLocated, readInput } from './lint-file.js';
import { renderReport } from './report.js';

const USAGE =
  'npm run lint:promql -- [dashboard.json rules.yml …] [--expr PROMQL] [--metrics URL|FILE] [--labels env,cluster] [--scrape-interval 15s] [--json]';

const OPTIONS = {
  expr: { type: 'string', multiple: true },
  metrics: { type: 'string', multiple: true },
  labels: { type: 'string', multiple: true },
  'scrape-interval': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export interface CommandContext {
  /** What is examined where nothing is named. */
  committedFiles: readonly string[];
  write: (text: string) => unknown;
  colours: boolean;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new LintInputError(`${firstLine(error).split('.')[0]}; usage: ${USAGE}`);
  }
}

async function fetchPage(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (response.ok) return await response.text();
    throw new LintInputError(`--metrics ${url} answers ${response.status}: name the page that Prometheus scrapes`);
  } catch (error) {
    if (error instanceof LintInputError) throw error;
    throw new LintInputError(`--metrics ${url} does not answer: start the service, or name a saved page`);
  }
}

async function readMetrics(source: string): Promise<KnownMetric[]> {
  const found = metricsOfPage(/^https?:/.test(source) ? await fetchPage(source) : readInput(source));
  if (found.length === 0) throw new LintInputError(`--metrics ${source} has no metric in Prometheus' text format`);
  return found;
}

/** The catalogue, and what the pages show; what a page knows better wins. */
async function knownMetrics(sources: readonly string[]): Promise<KnownMetrics> {
  const pages = (await Promise.all(sources.map(readMetrics))).flat();
  const shown = pages.filter(({ name, labels }) => labels || !catalogueMetrics.some((ours) => ours.name === name));
  return new KnownMetrics([...shown, ...catalogueMetrics], sources.length > 0);
}

function readInterval(text: string): number {
  const seconds = toSeconds(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new LintInputError(`--scrape-interval: expected a duration such as 15s, got "${text}"`);
}

/** A comparison with a number is what makes an alert. */
const asLocated = (expr: string) => ({ where: '', expr, isAlert: splitThreshold(expr) !== undefined });

async function run(args: readonly string[], { committedFiles, write, colours }: CommandContext): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    write(`${USAGE}\n`);
    return 0;
  }
  const options: LintOptions = {
    metrics: await knownMetrics(values.metrics ?? []),
    targetLabels: [...DEFAULTS.targetLabels, ...(values.labels ?? []).flatMap((list) => list.split(','))],
    scrapeIntervalSeconds: readInterval(values['scrape-interval'] ?? `${DEFAULTS.scrapeIntervalSeconds}s`),
  };
  const asked = values.expr ?? [];
  const files = positionals.length + asked.length > 0 ? positionals : committedFiles;
  const inFiles = lintFiles(files, options);
  const findings = [...asked.flatMap((expr) => lintLocated('', asLocated(expr), options)), ...inFiles.findings].map(
    (one) => ({
      ...one,
      file: shortPath(one.file),
    }),
  );
  const report = values.json
    ? JSON.stringify(findings, null, 2)
    : renderReport(findings, inFiles.expressions + asked.length, { colours });
  write(`${report}\n`);
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

const shortPath = (path: string) => {
  const short = relative(process.cwd(), path);
  return path === '' || short.startsWith('..') ? path : short;
};

/** `npm run lint:promql`: 0 where nothing or only warnings are found, 1 where errors are, 2 where something cannot be read. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await run(args, context);
  } catch (error) {
    if (!(error instanceof LintInputError)) throw error;
    context.write(`${error.message}\n`);
    return 2;
  }
}

import { join, relative } from 'node:path';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { catalogueMetrics, type KnownMetric, KnownMetrics, metricsOfPage, splitThreshold } from '../promql/index.js';
import { DEFAULTS, type LintOptions } from '../promql/lint/lint.js';
import { lintFiles, lintLocated, readInput } from '../promql/lint/lint-file.js';
import { renderReport } from '../promql/lint/report.js';
import { toSeconds } from '../promql/syntax/grammar.js';
import { REPOSITORY } from '../stack/index.js';

/** What `npm run lint:promql` was given. */
export interface LintArguments {
  /** Dashboards and rule files. Without them and without `expr`, the committed ones are examined. */
  files?: string[];
  expr?: string[];
  /** Pages in the text format, by address or path. */
  metrics?: string[];
  labels?: string[][];
  /** As Prometheus writes durations. */
  scrapeInterval?: string;
  json?: boolean;
}

const COMMITTED = ['grafana_dash.json', 'monitoring/rules/alerts.yml', 'monitoring/rules/recording.yml'].map((path) =>
  join(REPOSITORY, path),
);

const badPage = (source: string, problem: string) => new CodedError(`--metrics ${source} ${problem}`, 'ERR_INPUT');

async function fetchPage(url: string): Promise<string> {
  const page = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    .then(async (response) => ({ ok: response.ok, status: response.status, text: await response.text() }))
    .catch(() => undefined);
  if (!page) throw badPage(url, 'does not answer: start the service, or name a saved page');
  if (!page.ok) throw badPage(url, `answers ${page.status}: name the page that Prometheus scrapes`);
  return page.text;
}

async function readMetrics(source: string): Promise<KnownMetric[]> {
  const found = metricsOfPage(/^https?:/.test(source) ? await fetchPage(source) : readInput(source));
  if (found.length > 0) return found;
  throw badPage(source, "has no metric in Prometheus' text format");
}

/** The catalogue, and what the pages show; what a page knows better wins. */
async function knownMetrics(sources: readonly string[]): Promise<KnownMetrics> {
  const pages = (await Promise.all(sources.map(readMetrics))).flat();
  const shown = pages.filter(({ name, labels }) => labels || !catalogueMetrics.some((ours) => ours.name === name));
  return new KnownMetrics([...shown, ...catalogueMetrics], sources.length > 0);
}

/** A comparison with a number is what makes an alert. */
const asLocated = (expr: string) => ({ where: '', expr, isAlert: splitThreshold(expr) !== undefined });

const shortPath = (path: string) => {
  const short = relative(process.cwd(), path);
  return path === '' || short.startsWith('..') ? path : short;
};

/** The mistakes in dashboards, rule files and expressions as a text, and the exit status: 1 where there are errors, else 0. */
export async function lintReport(
  { files = [], expr = [], metrics = [], labels = [], scrapeInterval, json }: LintArguments,
  colours = false,
): Promise<{ report: string; status: 0 | 1 }> {
  const options: LintOptions = {
    metrics: await knownMetrics(metrics),
    targetLabels: [...DEFAULTS.targetLabels, ...labels.flat()],
    scrapeIntervalSeconds: scrapeInterval === undefined ? DEFAULTS.scrapeIntervalSeconds : toSeconds(scrapeInterval),
  };
  const inFiles = lintFiles(files.length + expr.length > 0 ? files : COMMITTED, options);
  const inExpressions = expr.flatMap((one) => lintLocated('', asLocated(one), options));
  const findings = [...inExpressions, ...inFiles.findings].map((one) => ({ ...one, file: shortPath(one.file) }));
  const report = json
    ? JSON.stringify(findings, null, 2)
    : renderReport(findings, inFiles.expressions + expr.length, { colours });
  return { report, status: findings.some(({ severity }) => severity === 'error') ? 1 : 0 };
}

/** Prints the report. Gives the exit status. */
export async function runLint(given: LintArguments): Promise<number> {
  const { report, status } = await lintReport(given, process.stdout.isTTY && !process.env.NO_COLOR);
  console.log(report);
  return status;
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawCondition } from '../backtest/draw-condition.js';
import { type NamedAlert, readAlerts } from '../backtest/index.js';
import { type OpenPast, openPast } from '../backtest/open-past.js';
import { incidentsFor } from '../backtest/past-incidents.js';
import { playAll } from '../backtest/play-all.js';
import { playVariants, type Variants } from '../backtest/play-variants.js';
import { exitOnSignal, nearest } from '../cli/index.js';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { parseDuration } from '../prometheus/duration.js';
import { REPOSITORY } from '../stack/index.js';

/** What `npm run backtest` was given; durations as Prometheus writes them. */
export interface BacktestArguments {
  rule?: string;
  rules?: string;
  prometheus?: string;
  folder?: string;
  since?: string;
  threshold?: number[];
  for?: string[];
  svg?: string;
}

const day = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function find(alerts: readonly NamedAlert[], wanted: string): NamedAlert {
  const found = alerts.find(({ name }) => name === wanted);
  if (found) return found;
  const names = alerts.map(({ name }) => name);
  const near = nearest(wanted, names);
  const hint = near ? `did you mean ${near}?` : `there are ${names.join(', ')}`;
  throw new CodedError(`--rule: there is no alert ${wanted}; ${hint}`, 'ERR_USAGE');
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CodedError(`${file} cannot be written (${code}): name another`, 'ERR_INPUT', { cause });
  }
}

/** The alert as it is beside the variant that fires most often. */
async function draw(alert: NamedAlert, past: OpenPast, { rows, asItIs }: Variants, file: string): Promise<void> {
  const loudest = rows.reduce((loud, row) => (row.count > loud.count ? row : loud));
  const incidents = incidentsFor(alert, past);
  const { svg } = await drawCondition(alert.expr, past, {
    title: `${alert.name}, the variant that fires most often and as it is`,
    valueName: 'value that the threshold is compared with',
    variants: [
      { name: 'Most often', ...loudest, result: loudest },
      { name: 'As it is', ...asItIs, result: asItIs },
    ],
    ...(incidents && { incidents }),
  });
  write(file, svg);
  console.log(`A picture lies in ${file}`);
}

async function report(given: BacktestArguments, alerts: readonly NamedAlert[], past: OpenPast): Promise<void> {
  console.log(`From ${day(past.fromSeconds)} to ${day(past.toSeconds)}:\n`);
  if (given.rule === undefined) return console.log(await playAll(alerts, past));
  const alert = find(alerts, given.rule);
  const forsSeconds = given.for?.map((text) => parseDuration(text) ?? 0);
  const variants = await playVariants(alert, past, { thresholds: given.threshold, forsSeconds });
  console.log(variants.report);
  if (given.svg !== undefined) await draw(alert, past, variants, given.svg);
}

/** Prints when the alerts of a file, or variants of one of them, would have fired. */
export async function runBacktest(given: BacktestArguments): Promise<void> {
  exitOnSignal();
  const alerts = readAlerts(given.rules ?? join(REPOSITORY, 'monitoring/rules/alerts.yml'));
  if (given.rule !== undefined) find(alerts, given.rule);
  const sinceSeconds = given.since === undefined ? undefined : parseDuration(given.since);
  const past = await openPast({ prometheus: given.prometheus, folder: given.folder, sinceSeconds });
  try {
    await report(given, alerts, past);
  } finally {
    await past.prometheus.stop();
  }
}

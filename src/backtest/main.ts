import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { REPOSITORY, ToolMissingError } from '../stack/index.js';
import { type NamedAlert, readAlerts } from './alert-file.js';
import { type Arguments, readArguments } from './arguments.js';
import { BacktestError } from './backtest-error.js';
import { drawCondition } from './draw-condition.js';
import { type OpenPast, openPast } from './open-past.js';
import { incidentsFor } from './past-incidents.js';
import { playAll } from './play-all.js';
import { playVariants, type Variants } from './play-variants.js';

/** Paths are those of the folder where npm was called. */
const given = (path: string) => resolve(process.env.INIT_CWD ?? '.', path);

const day = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function find(alerts: readonly NamedAlert[], name: string): NamedAlert {
  const found = alerts.find((alert) => alert.name === name);
  if (found) return found;
  throw new BacktestError(`--rule: there is no alert ${name}; there are ${alerts.map((one) => one.name).join(', ')}`);
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
  writeFileSync(file, svg);
  console.log(`A picture lies in ${file}`);
}

async function play(asked: Arguments, alerts: readonly NamedAlert[], past: OpenPast): Promise<void> {
  console.log(`From ${day(past.fromSeconds)} to ${day(past.toSeconds)}:\n`);
  if (asked.rule === undefined) return console.log(await playAll(alerts, past));
  const alert = find(alerts, asked.rule);
  const variants = await playVariants(alert, past, asked);
  console.log(variants.report);
  if (asked.svg !== undefined) await draw(alert, past, variants, given(asked.svg));
}

/** npm run backtest [-- --rule NAME] [--rules FILE] [--prometheus URL | --folder DIR] [--since 7d] [--threshold 1,2] [--for 1m,5m] [--svg FILE] */
async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2));
  const alerts = readAlerts(asked.rules ? given(asked.rules) : join(REPOSITORY, 'monitoring/rules/alerts.yml'));
  if (asked.rule !== undefined) find(alerts, asked.rule);
  const past = await openPast({ ...asked, ...(asked.folder !== undefined && { folder: given(asked.folder) }) });
  try {
    await play(asked, alerts, past);
  } finally {
    await past.prometheus.stop();
  }
}

// What lies in temporary folders goes when the process exits, and not when a signal ends it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

const WRITING = /^E(ACCES|NOENT|ROFS|ISDIR|NOSPC|PERM)$/;

main().catch((error: NodeJS.ErrnoException) => {
  const isExpected = error instanceof BacktestError || error instanceof ToolMissingError;
  if (!isExpected && !WRITING.test(error.code ?? '')) throw error;
  console.log(isExpected ? error.message : `${error.path ?? 'a file'} cannot be written (${error.code}): name another`);
  process.exitCode = 1;
});

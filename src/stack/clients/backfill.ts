import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { END_OF_SAMPLES, sampleLine } from '../../prometheus/exposition.js';
import { requireTool } from '../process/find-tool.js';
import { runFolder } from '../process/temporary-folder.js';
import { type Prometheus, startPrometheus } from './start-prometheus.js';

/** A series whose value is a function of time. */
export interface SyntheticSeries {
  /** For example `rag_requests_total{status="error"}`. */
  series: string;
  /** The value `minute` minutes after the start. */
  valueAt: (minute: number) => number;
}

const STEP_SECONDS = 15;
const START_SECONDS = Date.UTC(2026, 0, 1) / 1000;

/** Makes blocks of samples in Prometheus' data folder. `lines` are those of `sampleLine`. */
export function createBlocks(lines: string[], dataFolder: string): void {
  const folder = runFolder('samples');
  const file = join(folder, 'samples.txt');
  writeFileSync(file, lines.join('') + END_OF_SAMPLES);
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, dataFolder];
  execFileSync(requireTool('promtool'), args, { stdio: 'pipe' });
  rmSync(folder, { recursive: true, force: true });
}

const linesOf = (series: SyntheticSeries[], minutes: number): string[] =>
  series.flatMap(({ series: name, valueAt }) =>
    Array.from({ length: (minutes * 60) / STEP_SECONDS + 1 }, (_, step) => {
      const second = step * STEP_SECONDS;
      return sampleLine(name, valueAt(second / 60), START_SECONDS + second);
    }),
  );

/**
 * Starts a Prometheus that has scraped the given series every 15 s for some minutes, and scrapes nothing more.
 * `measure` asks it at the end of that time: the same answer on every run.
 */
export async function startWithPast(
  series: SyntheticSeries[],
  minutes: number,
): Promise<Prometheus & { measure: Prometheus['query'] }> {
  const dataFolder = runFolder('history');
  createBlocks(linesOf(series, minutes), dataFolder);
  const prometheus = await startPrometheus({ config: '{}', dataFolder });
  return {
    ...prometheus,
    measure: (expr) => prometheus.query(expr, START_SECONDS + minutes * 60),
    stop: async () => {
      await prometheus.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

import { join } from 'node:path';
import { seriesText } from '../prometheus/labels.js';
import { type AddBlock, BLOCK_SECONDS, blockOf, createSampleFile, makeBlocksOf } from './blocks.js';
import type { Series } from './series-set.js';
import { JOB } from './series-set.js';
import { createServiceProcess } from './service-process.js';
import { simulate } from './simulate.js';
import { SCRAPE_SECONDS, type Timeline } from './timeline.js';

const STEPS = BLOCK_SECONDS / SCRAPE_SECONDS;

/** The samples of one block's time, a column for each series. */
interface Columns {
  times: string[];
  values: Float64Array[];
}

const emptyColumns = (series: number): Columns => ({
  times: [],
  values: Array.from({ length: series }, () => new Float64Array(STEPS)),
});

/** Series after series, as a block has them. */
function writeColumns(path: string, series: readonly Pick<Series, 'text'>[], { times, values }: Columns) {
  const file = createSampleFile(path);
  series.forEach(({ text }, index) => {
    const column = values[index] as Float64Array;
    let lines = '';
    // NaN: not there at that time.
    for (let step = 0; step < times.length; step++) {
      const value = column[step] as number;
      if (!Number.isNaN(value)) lines += `${text} ${value} ${times[step]}\n`;
    }
    file.write(lines);
  });
  return file;
}

export interface ScrapesOptions {
  seed: number;
  timeline: Timeline;
  /** `host:port`, as the label `instance` has it. */
  target: string;
  /** For text files, which are gone afterwards. */
  workFolder: string;
  /** For the blocks. */
  folder: string;
  /** Called after each block, with a share from 0 to 1. */
  onProgress: (share: number) => void;
}

async function playTraffic({ seed, timeline, target, workFolder, onProgress }: ScrapesOptions, add: AddBlock) {
  const process = createServiceProcess(target);
  const up = { text: seriesText({ __name__: 'up', instance: target, job: JOB }), value: 1 };
  const series = [up, ...process.series];
  let columns = emptyColumns(series.length);
  let block = blockOf(timeline.startSeconds);
  const finish = async (atSeconds: number) => {
    await add(writeColumns(join(workFolder, `${block}.txt`), series, columns));
    onProgress((atSeconds - timeline.startSeconds) / (timeline.endSeconds - timeline.startSeconds));
    // Lets promtool's start through, and progress to the screen.
    await new Promise(setImmediate);
  };
  for (const scrape of simulate(seed, timeline, process)) {
    if (blockOf(scrape.atSeconds) !== block) {
      await finish(scrape.atSeconds);
      columns = emptyColumns(series.length);
      block = blockOf(scrape.atSeconds);
    }
    up.value = scrape.up ? 1 : 0;
    const step = columns.times.push(String(scrape.atSeconds)) - 1;
    series.forEach((one, index) => {
      (columns.values[index] as Float64Array)[step] = scrape.up || one === up ? one.value : Number.NaN;
    });
  }
  await finish(timeline.endSeconds);
}

/** Simulates a history and writes what was scraped as blocks. promtool makes them while the next one is simulated. */
export const writeScrapes = (options: ScrapesOptions): Promise<void> =>
  makeBlocksOf(options.folder, (add) => playTraffic(options, add));

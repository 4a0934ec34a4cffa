import { rmSync } from 'node:fs';
import { startPrometheus } from '../stack/index.js';
import { runFolder } from '../stack/process/temporary-folder.js';
import { readBlocks } from './blocks.js';
import type { History } from './marker.js';
import { recordRules } from './record-rules.js';
import { createTimeline, DAY_SECONDS, incidentsOf } from './timeline.js';
import { writeScrapes } from './write-scrapes.js';

/** What is being done, and which part of it is done, from 0 to 1. */
export type Progress = (phase: 'traffic' | 'rules', share: number) => void;

/** A history, settled in every point. */
export interface Plan {
  seed: number;
  days: number;
  endSeconds: number;
  target: string;
}

/** Makes a Prometheus leave blocks as they are, where it is not to write. */
const READ_ONLY_FLAGS = ['--storage.tsdb.min-block-duration=2h', '--storage.tsdb.max-block-duration=2h'];

/** Makes the blocks of a history in an empty folder: first what was scraped, then what the rules give over it. */
export async function makeBlocks(folder: string, plan: Plan, onProgress: Progress): Promise<History> {
  const { seed, days, endSeconds, target } = plan;
  const timeline = createTimeline(seed, endSeconds - days * DAY_SECONDS, endSeconds);
  const workFolder = runFolder('history-text');
  try {
    await writeScrapes({
      seed,
      timeline,
      target,
      workFolder,
      folder,
      onProgress: (share) => onProgress('traffic', share),
    });
    const prometheus = await startPrometheus({ config: '{}', dataFolder: folder, flags: READ_ONLY_FLAGS });
    try {
      await recordRules(prometheus, timeline, {
        workFolder,
        folder,
        onProgress: (share) => onProgress('rules', share),
      });
    } finally {
      await prometheus.stop();
    }
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
  const { startSeconds, deploySeconds } = timeline;
  const blocks = readBlocks(folder).map(({ ulid }) => ulid);
  return { seed, days, target, startSeconds, endSeconds, deploySeconds, incidents: incidentsOf(timeline), blocks };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Prometheus, REPOSITORY } from '../stack/index.js';
import { BLOCK_SECONDS, blockOf, createSampleFile, makeBlocksOf } from './blocks.js';
import { SCRAPE_SECONDS, type Timeline } from './timeline.js';

interface Rule {
  record: string;
  expr: string;
}

/** The recording rules as they are committed. */
function committedRecordings(): Rule[] {
  const { groups } = parse(readFileSync(join(REPOSITORY, 'monitoring/rules/recording.yml'), 'utf8')) as {
    groups: { rules: Rule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

interface Range {
  fromSeconds: number;
  toSeconds: number;
}

/** The part of the timeline that each block holds. */
function blockRanges({ startSeconds, endSeconds }: Pick<Timeline, 'startSeconds' | 'endSeconds'>): Range[] {
  const first = blockOf(startSeconds);
  return Array.from({ length: blockOf(endSeconds) - first + 1 }, (_, index) => {
    const blockStart = (first + index) * BLOCK_SECONDS;
    return {
      fromSeconds: Math.max(startSeconds, blockStart),
      toSeconds: Math.min(endSeconds, blockStart + BLOCK_SECONDS - SCRAPE_SECONDS),
    };
  });
}

interface Matrix {
  result: { metric: Record<string, string>; values: [number, string][] }[];
}

/** What a rule gives at each evaluation, as lines; a range query evaluates exactly as the rule would at each step. */
async function evaluate(prometheus: Prometheus, { record, expr }: Rule, { fromSeconds, toSeconds }: Range) {
  const range = { query: expr, start: `${fromSeconds}`, end: `${toSeconds}`, step: `${SCRAPE_SECONDS}` };
  const { result } = await prometheus.api<Matrix>(`query_range?${new URLSearchParams(range)}`);
  return result.flatMap(({ metric, values }) => {
    const labels = Object.entries(metric).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const series = `${record}{${labels.join(',')}}`;
    return values.map(([seconds, value]) => `${series} ${value} ${seconds}\n`);
  });
}

/**
 * Evaluates the recording rules over a history that a Prometheus has, and writes what they give as blocks.
 * `promtool tsdb create-blocks-from rules` asks the same queries, but makes a block for each rule.
 */
export async function recordRules(
  prometheus: Prometheus,
  timeline: Pick<Timeline, 'startSeconds' | 'endSeconds'>,
  { workFolder, folder, onProgress }: { workFolder: string; folder: string; onProgress: (share: number) => void },
): Promise<void> {
  const ranges = blockRanges(timeline);
  await makeBlocksOf(folder, async (add) => {
    for (const [index, range] of ranges.entries()) {
      const lines = await Promise.all(committedRecordings().map((rule) => evaluate(prometheus, rule, range)));
      const file = createSampleFile(join(workFolder, `rules-${index}.txt`));
      for (const rule of lines) file.write(rule.join(''));
      await add(file);
      onProgress((index + 1) / ranges.length);
    }
  });
}

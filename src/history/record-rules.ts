import { join } from 'node:path';
import type { PrometheusClient } from '../prometheus/client.js';
import { sampleLine } from '../prometheus/exposition.js';
import { seriesText } from '../prometheus/labels.js';
import type { TimeRange } from '../prometheus/range.js';
import type { FileRule } from '../prometheus/rule-file.js';
import { committedRules } from '../stack/index.js';
import { BLOCK_SECONDS, blockOf, createSampleFile, makeBlocksOf } from './blocks.js';
import { SCRAPE_SECONDS, type Timeline } from './timeline.js';

/** The part of the timeline that each block holds. */
function blockRanges({ startSeconds, endSeconds }: Pick<Timeline, 'startSeconds' | 'endSeconds'>): TimeRange[] {
  const first = blockOf(startSeconds);
  return Array.from({ length: blockOf(endSeconds) - first + 1 }, (_, index) => {
    const blockStart = (first + index) * BLOCK_SECONDS;
    return {
      fromSeconds: Math.max(startSeconds, blockStart),
      toSeconds: Math.min(endSeconds, blockStart + BLOCK_SECONDS - SCRAPE_SECONDS),
    };
  });
}

/** What a rule gives at each evaluation, as lines; a range query evaluates exactly as the rule would at each step. */
async function evaluate(prometheus: PrometheusClient, rule: FileRule, range: TimeRange): Promise<string> {
  const found = await prometheus.queryRange(rule.expr, { ...range, stepSeconds: SCRAPE_SECONDS });
  const lines = found.flatMap(({ labels, points }) => {
    const series = seriesText({ ...labels, ...rule.labels, __name__: rule.name });
    return points.map(([seconds, value]) => sampleLine(series, value, seconds));
  });
  return lines.join('');
}

/**
 * Evaluates the recording rules over a history that a Prometheus has, and writes what they give as blocks.
 * `promtool tsdb create-blocks-from rules` asks the same queries, but makes a block for each rule.
 */
export async function recordRules(
  prometheus: PrometheusClient,
  timeline: Pick<Timeline, 'startSeconds' | 'endSeconds'>,
  { workFolder, folder, onProgress }: { workFolder: string; folder: string; onProgress: (share: number) => void },
): Promise<void> {
  const ranges = blockRanges(timeline);
  const rules = committedRules().filter(({ isAlert }) => !isAlert);
  await makeBlocksOf(folder, async (add) => {
    for (const [index, range] of ranges.entries()) {
      const lines = await Promise.all(rules.map((rule) => evaluate(prometheus, rule, range)));
      const file = createSampleFile(join(workFolder, `rules-${index}.txt`));
      file.write(lines.join(''));
      await add(file);
      onProgress((index + 1) / ranges.length);
    }
  });
}

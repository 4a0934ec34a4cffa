import { join } from 'node:path';
import {
  drawCondition,
  type NamedAlert,
  openData,
  type Past,
  readAlerts,
  type SweepRow,
  sweep,
} from '../backtest/index.js';
import { DATA_FOLDER, type History, type Progress, readHistory, writeHistory } from '../history/index.js';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { formatDuration } from '../prometheus/duration.js';
import { splitThreshold } from '../promql/index.js';
import { REPOSITORY } from '../stack/index.js';
import { type Columns, toColumns } from './tables.js';

const ALERT = 'HighQueryLatency';

/** What there is to turn at an alert. */
export interface Tuned {
  threshold: number;
  forSeconds: number;
}

export interface TuningOptions {
  /** Data folder of Prometheus with a history; where it has none, one is written. Default: that of the native stack. */
  folder?: string;
  /** An alert that is easily alarmed. Default: above 1 s for a minute. */
  before?: Tuned;
  /** Told while a history is written, which takes a quarter of a minute. */
  onProgress?: Progress;
}

/** The latency alert before and after it was tuned. */
export interface Tuning {
  /** Each variant, and what it would have done. */
  table: Columns;
  /** Picture of the two, to be shown in a notebook. */
  pictureHtml: string;
  before: SweepRow;
  /** The alert as it is committed. */
  after: SweepRow;
  history: History;
}

function committedAlert(): NamedAlert & Tuned {
  const alert = readAlerts(join(REPOSITORY, 'monitoring/rules/alerts.yml')).find(({ name }) => name === ALERT);
  const threshold = alert && splitThreshold(alert.expr)?.threshold;
  if (!alert || threshold === undefined)
    throw new CodedError(
      `${ALERT} has no threshold in monitoring/rules/alerts.yml: "npm run generate" writes it anew`,
      'ERR_EXPRESSION',
    );
  return { ...alert, threshold };
}

const toRow = ({ threshold, forSeconds, count, totalFiringSeconds, grade }: SweepRow) => ({
  'p95 Above': `${threshold} s`,
  For: formatDuration(forSeconds),
  Fires: count,
  'Firing In All': formatDuration(totalFiringSeconds),
  'False Alarms': grade?.falseAlarms ?? 'unknown',
  'Incidents Found': grade ? `${grade.detected} of ${grade.incidents}` : 'unknown',
  'Minutes Until It Fires': grade?.minutesUntilFired?.toFixed(1) ?? 'never',
});

const ascending = (numbers: number[]) => [...new Set(numbers)].sort((one, other) => one - other);

function imageHtml({ svg, description }: { svg: string; description: string }): string {
  const alternative = description.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
  const data = Buffer.from(svg).toString('base64');
  return `<figure style="margin:0"><img alt="${alternative}" style="max-width:100%" src="data:image/svg+xml;base64,${data}"></figure>`;
}

async function tune(past: Past, history: History, before: Tuned): Promise<Tuning> {
  const after = committedAlert();
  const incidents = history.incidents.filter(({ alerts }) => alerts.includes(ALERT));
  const rows = await sweep({
    ...past,
    rule: after,
    thresholds: ascending([before.threshold, 1.5, after.threshold, 3]),
    forsSeconds: ascending([before.forSeconds, after.forSeconds, 600]),
    incidents,
  });
  const find = ({ threshold, forSeconds }: Tuned) =>
    rows.find((row) => row.threshold === threshold && row.forSeconds === forSeconds) as SweepRow;
  const variant = (name: string, row: SweepRow) => ({ name, ...row, result: row });
  const picture = await drawCondition(after.expr, past, {
    title: `${ALERT} over ${history.days} days, before and after it was tuned`,
    valueName: 'p95 latency of the slower operation, in seconds',
    unit: ' s',
    variants: [variant('Before', find(before)), variant('After', find(after))],
    incidents,
  });
  return {
    table: toColumns(rows.map(toRow)),
    pictureHtml: imageHtml(picture),
    before: find(before),
    after: find(after),
    history,
  };
}

/**
 * Plays the latency alert over a week with two true incidents: first one that is easily alarmed, then as it is committed.
 * @throws {CodedError} `ERR_HISTORY_FOLDER` where no history can be written
 * @throws {CodedError} `ERR_TOOL_MISSING` where Prometheus is not on this machine
 */
export async function tuneLatencyAlert({
  folder = DATA_FOLDER,
  before = { threshold: 1, forSeconds: 60 },
  onProgress,
}: TuningOptions = {}): Promise<Tuning> {
  const history = readHistory(folder) ?? (await writeHistory({ folder, ...(onProgress && { onProgress }) }));
  const prometheus = await openData(folder);
  try {
    const past = { prometheus, fromSeconds: history.startSeconds, toSeconds: history.endSeconds };
    return await tune(past, history, before);
  } finally {
    await prometheus.stop();
  }
}

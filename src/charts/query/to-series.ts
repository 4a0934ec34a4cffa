import { type Labels, labelsText, seriesText } from '../../prometheus/labels.js';
import { type QueryData, toQueriedSeries } from '../../prometheus/query-data.js';
import type { Panel, PanelRequest, Series, Target } from '../dashboard/types.js';

const LABEL = /\{\{\s*(.+?)\s*\}\}/g;

/** The name of a series in the legend, by Grafana's rules. `alone` is the one label that all series of the panel have. */
function legendName(target: Target | undefined, labels: Labels, alone: string | undefined): string {
  const format = target?.legendFormat ?? '';
  const expr = target?.expr ?? 'Value';
  if (Object.keys(labels).length === 0 && (format === '' || format === '__auto')) return expr;
  if (format === '') return seriesText(labels, ', ');
  if (format === '__auto') return alone === undefined ? labelsText(labels, ', ') : (labels[alone] ?? '');
  const name = format.replace(LABEL, (_, label) => labels[label] ?? '');
  return name.trim() === '' ? expr : name;
}

function onlyLabel(all: Labels[]): string | undefined {
  const [first, second] = [...new Set(all.flatMap((labels) => Object.keys(labels)))];
  return second === undefined ? first : undefined;
}

/** What Prometheus answered to a request of a panel. */
export interface PanelAnswer {
  request: PanelRequest;
  data: QueryData;
}

/** A step without a sample is a gap, and has to be in the data for one to be drawn. */
function fillGaps(points: Series['points'], stepSeconds: number): Series['points'] {
  return points.flatMap((point, index) => {
    const previous = points[index - 1]?.[0];
    const missing = previous === undefined ? 0 : Math.round((point[0] - previous) / stepSeconds) - 1;
    const gap = Array.from({ length: Math.max(0, missing) }, (_, step): Series['points'][number] => [
      (previous ?? 0) + (step + 1) * stepSeconds,
      null,
    ]);
    return [...gap, point];
  });
}

/** NaN, such as a quantile of no traffic, is no value. */
const withoutNaN = ([seconds, value]: [number, number]): Series['points'][number] => [
  seconds,
  Number.isNaN(value) ? null : value,
];

/** The answers as curves with their names in the legend, in the order of the queries. */
export function toSeries(panel: Panel, answers: PanelAnswer[]): Series[] {
  const raw = answers.flatMap(({ request, data }) =>
    toQueriedSeries(data).map(({ labels, points }) => ({
      refId: request.refId,
      labels,
      points: fillGaps(points.map(withoutNaN), Number(request.parameters.step)),
    })),
  );
  const alone = onlyLabel(raw.map(({ labels }) => labels));
  const targets = panel.targets ?? [];
  return raw.map(({ refId, labels, points }) => {
    const target = targets.find((one, index) => (one.refId ?? String.fromCharCode(65 + index)) === refId);
    return { refId, name: legendName(target, labels, alone), labels, points };
  });
}

import type { Answer, Panel, PrometheusData, Series, Target } from '../dashboard/types.js';

type Labels = Record<string, string>;

const braced = (labels: [string, string][]) =>
  `{${labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;

/** As Prometheus writes a series: `name{label="value"}`. */
function seriesText({ __name__: metric = '', ...labels }: Labels): string {
  const entries = Object.entries(labels);
  return entries.length === 0 && metric ? metric : `${metric}${braced(entries)}`;
}

const LABEL = /\{\{\s*(.+?)\s*\}\}/g;

/** The name of a series in the legend, by Grafana's rules. `alone` is the one label that all series of the panel have. */
function legendName(target: Target | undefined, labels: Labels, alone: string | undefined): string {
  const format = target?.legendFormat ?? '';
  const expr = target?.expr ?? 'Value';
  if (Object.keys(labels).length === 0 && (format === '' || format === '__auto')) return expr;
  if (format === '') return seriesText(labels);
  if (format === '__auto') return alone === undefined ? braced(Object.entries(labels)) : (labels[alone] ?? '');
  const name = format.replace(LABEL, (_, label) => labels[label] ?? '');
  return name.trim() === '' ? expr : name;
}

function onlyLabel(all: Labels[]): string | undefined {
  const [first, second] = [...new Set(all.flatMap((labels) => Object.keys(labels)))];
  return second === undefined ? first : undefined;
}

/** Prometheus writes numbers as text. NaN, such as a quantile of no traffic, is no value. */
function toValue(text: string): number | null {
  const value = Number(text.replace('Inf', 'Infinity'));
  return Number.isNaN(value) ? null : value;
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

interface Raw {
  labels: Labels;
  points: Series['points'];
}

const toPoint = ([seconds, value]: [number, string]): Series['points'][number] => [seconds, toValue(value)];

function rawSeries(data: PrometheusData, stepSeconds: number): Raw[] {
  if (data.resultType === 'matrix')
    return data.result.map(({ metric, values }) => ({
      labels: metric,
      points: fillGaps(values.map(toPoint), stepSeconds),
    }));
  if (data.resultType === 'vector')
    return data.result.map(({ metric, value }) => ({ labels: metric, points: [toPoint(value)] }));
  return [{ labels: {}, points: [toPoint(data.result)] }];
}

/** The answers as curves with their names in the legend, in the order of the queries. */
export function toSeries(panel: Panel, answers: Answer[]): Series[] {
  const raw = answers.flatMap(({ request, data }) =>
    rawSeries(data, Number(request.parameters.step)).map((one) => ({ ...one, refId: request.refId })),
  );
  const alone = onlyLabel(raw.map(({ labels }) => labels));
  const targets = panel.targets ?? [];
  return raw.map(({ refId, labels, points }) => {
    const target = targets.find((one, index) => (one.refId ?? String.fromCharCode(65 + index)) === refId);
    return { refId, name: legendName(target, labels, alone), labels, points };
  });
}

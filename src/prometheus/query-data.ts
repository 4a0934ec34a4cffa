import { type Labels, labelsText } from './labels.js';
import { parseNumber } from './number.js';

type Point = [seconds: number, value: string];

/** `data` of an answer to a query. */
export type QueryData =
  | { resultType: 'matrix'; result: { metric: Labels; values: Point[] }[] }
  | { resultType: 'vector'; result: { metric: Labels; value: Point }[] }
  | { resultType: 'scalar' | 'string'; result: Point };

/** A series of an answer: one point of an instant query, one for each step with a value of a range query. */
export interface QueriedSeries {
  labels: Labels;
  points: [seconds: number, value: number][];
}

const toPoint = ([seconds, value]: Point): [number, number] => [seconds, parseNumber(value)];

/** The series of an answer, with their values as numbers. A scalar is a series without labels. */
export function toQueriedSeries(data: QueryData): QueriedSeries[] {
  if (data.resultType === 'matrix')
    return data.result.map(({ metric, values }) => ({ labels: metric, points: values.map(toPoint) }));
  if (data.resultType === 'vector')
    return data.result.map(({ metric, value }) => ({ labels: metric, points: [toPoint(value)] }));
  return [{ labels: {}, points: [toPoint(data.result)] }];
}

/** Adds the points of later parts to the series of the first ones. */
export function joinSeries(parts: Iterable<QueriedSeries>): QueriedSeries[] {
  const joined = new Map<string, QueriedSeries>();
  for (const { labels, points } of parts) {
    const key = labelsText(labels);
    const found = joined.get(key) ?? { labels, points: [] };
    for (const point of points) found.points.push(point);
    joined.set(key, found);
  }
  return [...joined.values()];
}

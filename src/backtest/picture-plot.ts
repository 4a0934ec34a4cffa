import type { KnownIncident } from './grade.js';
import type { PictureOptions } from './picture-options.js';
import type { Scale } from './picture-scale.js';
import { COLOURS, FAINT, LAYOUT, line, rectangle, text } from './picture-shapes.js';
import type { SteppedSeries } from './query-range.js';

/** The highest of all values and thresholds. */
export function highestValue(series: readonly SteppedSeries[], thresholds: readonly number[]): number {
  let highest = Math.max(0, ...thresholds);
  for (const { values } of series) for (const value of values) if (value > highest && value < Infinity) highest = value;
  return highest || 1;
}

/** The worst value of each pixel's time: no firing may lack the peak that caused it. */
function worstByPixel({ series, evaluations, operator }: PictureOptions, x: Scale): Map<number, number> {
  const worse = operator.startsWith('<') ? Math.min : Math.max;
  const worst = new Map<number, number>();
  for (const { steps, values } of series) {
    steps.forEach((step, index) => {
      const value = values[index] as number;
      if (!Number.isFinite(value)) return;
      const pixel = Math.round(x(evaluations.fromSeconds + step * evaluations.stepSeconds));
      const known = worst.get(pixel);
      worst.set(pixel, known === undefined ? value : worse(known, value));
    });
  }
  return worst;
}

/** The alert's value over time; a gap where there was none. */
export function curveOf(options: PictureOptions, x: Scale, y: Scale): string {
  const points = [...worstByPixel(options, x)].sort(([one], [other]) => one - other);
  const path = points.map(([pixel, value], index) => {
    const isGap = index === 0 || pixel - (points[index - 1]?.[0] ?? 0) > 3;
    return `${isGap ? 'M' : 'L'}${pixel} ${y(value).toFixed(1)}`;
  });
  return `<path d="${path.join('')}" fill="none" stroke="${FAINT}" stroke-width="1.2" stroke-linejoin="round"/>`;
}

/** A dashed line for each threshold, named at its end. */
export function thresholdsOf({ variants, unit = '' }: PictureOptions, y: Scale): string[] {
  const { left, right } = LAYOUT;
  return variants.flatMap(({ threshold }, index) => {
    const colour = COLOURS[index] ?? FAINT;
    const label = `${threshold}${unit}`;
    return [
      line(left, y(threshold), right, y(threshold), colour, ' stroke-width="1.6" stroke-dasharray="6 4"'),
      text(right - 4, y(threshold) - 5, label, { fill: colour, weight: 600, anchor: 'end', halo: true }),
    ];
  });
}

const INCIDENT_FILL = '#f3d9e4';
const INCIDENT_INK = '#8a1a5c';
const LEAST_WIDTH = 3;

/** A true incident: a stripe through the whole picture, named above it. */
export function incidentsOf(incidents: readonly KnownIncident[], x: Scale, bottom: number): string[] {
  const { left, right, plotTop } = LAYOUT;
  return incidents.flatMap(({ name, fromSeconds, toSeconds }) => {
    const [start, end] = [Math.max(left, x(fromSeconds)), Math.min(right, x(toSeconds))];
    if (end <= left || start >= right) return [];
    const width = Math.max(LEAST_WIDTH, end - start);
    const isRight = start > (left + right) / 2;
    return [
      rectangle(start, plotTop - 26, width, bottom - plotTop + 26, INCIDENT_FILL),
      text(isRight ? start - 5 : start + width + 5, plotTop - 12, `incident: ${name}`, {
        fill: INCIDENT_INK,
        weight: 600,
        anchor: isRight ? 'end' : 'start',
      }),
    ];
  });
}

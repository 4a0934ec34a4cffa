import { bandsOf } from './picture-bands.js';
import { type PictureOptions, variantText } from './picture-options.js';
import { curveOf, highestValue, incidentsOf, thresholdsOf } from './picture-plot.js';
import { linear, timeTicks, valueTicks } from './picture-scale.js';
import { escapeText, FONT, GRID, INK, LAYOUT, line, text } from './picture-shapes.js';

const timesText = (count: number) => (count === 1 ? 'fires once' : `fires ${count} times`);

/** What is seen, for those who do not see it. */
export function pictureDescription(options: PictureOptions): string {
  const { variants, incidents = [] } = options;
  const told = variants.map((one) => `${one.name}, ${variantText(options, one)}: ${timesText(one.result.count)}.`);
  const known = incidents.length > 0 ? ` True incidents: ${incidents.map(({ name }) => name).join(', ')}.` : '';
  return `${options.valueName} over time with firing alerts below. ${told.join(' ')}${known}`;
}

function axes(
  { valueName, evaluations }: PictureOptions,
  x: (seconds: number) => number,
  y: (value: number) => number,
  ticks: number[],
) {
  const { left, right, plotTop, plotBottom } = LAYOUT;
  const values = ticks.flatMap((value) => [
    line(left, y(value), right, y(value), GRID),
    text(left - 8, y(value) + 4, String(value), { anchor: 'end' }),
  ]);
  const times = timeTicks(evaluations.fromSeconds, evaluations.toSeconds).flatMap(({ seconds, label }) => [
    line(x(seconds), plotTop, x(seconds), plotBottom + 5, GRID),
    // A label that would hang out at a side is left out.
    ...(x(seconds) > left + 24 && x(seconds) < right - 24
      ? [text(x(seconds), plotBottom + 20, label, { anchor: 'middle' })]
      : []),
  ]);
  const names = [text(left, 52, valueName), text(right, plotBottom + 38, 'time (UTC)', { anchor: 'end' })];
  return [...values, ...times, ...names];
}

/**
 * An alert before and after it was tuned, as an SVG that needs nothing else: its value and the thresholds over time, the
 * true incidents, and below when each variant fired.
 */
export function drawFirings(options: PictureOptions): string {
  const { title, series, evaluations, variants, incidents = [] } = options;
  const { width, left, right, plotTop, plotBottom, bandTop, bandPitch } = LAYOUT;
  const height = bandTop + variants.length * bandPitch - 20;
  const x = linear(evaluations.fromSeconds, evaluations.toSeconds, left, right);
  const ticks = valueTicks(
    highestValue(
      series,
      variants.map(({ threshold }) => threshold),
    ),
  );
  const y = linear(0, ticks.at(-1) ?? 1, plotBottom, plotTop);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONT}">`,
    `<title>${escapeText(title)}</title><desc>${escapeText(pictureDescription(options))}</desc>`,
    `<rect width="${width}" height="${height}" rx="4" fill="#ffffff"/>`,
    text(left, 28, title, { size: 16, fill: INK, weight: 600 }),
    ...incidentsOf(incidents, x, height - 12),
    ...axes(options, x, y, ticks),
    curveOf(options, x, y),
    ...thresholdsOf(options, y),
    ...variants.flatMap((variant, index) => bandsOf(options, variant, index, x)),
    '</svg>',
  ].join('\n');
}

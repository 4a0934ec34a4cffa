import { type PictureOptions, type PictureVariant, variantText } from './picture-options.js';
import type { Scale } from './picture-scale.js';
import { COLOURS, escapeText, FAINT, GRID, INK, LAYOUT, rectangle, text } from './picture-shapes.js';

/** Seen at the width of a week, too. */
const LEAST_WIDTH = 2.5;

const time = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** When a variant fired: a row with a bar for each firing, under its name and their number. */
export function bandsOf(options: PictureOptions, variant: PictureVariant, index: number, x: Scale): string[] {
  const { left, right, bandTop, bandHeight, bandPitch } = LAYOUT;
  const top = bandTop + index * bandPitch;
  const colour = COLOURS[index] ?? FAINT;
  const { firings, count } = variant.result;
  const bars = firings.map(({ firingSeconds, resolvedSeconds }) => {
    const start = x(firingSeconds);
    const width = Math.max(LEAST_WIDTH, x(resolvedSeconds ?? options.evaluations.toSeconds) - start);
    const until = resolvedSeconds === undefined ? 'the end' : time(resolvedSeconds);
    return rectangle(
      start,
      top,
      width,
      bandHeight,
      colour,
      `<title>${escapeText(`${time(firingSeconds)} to ${until}`)}</title>`,
    );
  });
  const times = count === 1 ? 'fires once' : `fires ${count} times`;
  return [
    text(left, top - 8, `${variant.name}: ${variantText(options, variant)}`, { fill: colour, weight: 600 }),
    text(right, top - 8, times, { size: 13, fill: INK, weight: 600, anchor: 'end' }),
    rectangle(left, top + bandHeight, right - left, 1, GRID),
    ...bars,
  ];
}

import type { EChartsOption } from 'echarts';
import type { View } from '../dashboard/types.js';
import { FONT_SIZE } from '../style/label.js';
import { shorten, textWidth } from '../style/text-width.js';
import { type Theme, withOpacity } from '../style/theme.js';
import {
  COLUMN_GAP,
  flattened,
  ICON,
  type LegendBox,
  type LegendTable,
  MARGIN,
  MAX_SHARE,
  ROW,
  textLeft,
} from './legend-layout.js';
import { tableBox } from './legend-table.js';

/** In how many lines texts stand that follow one another. */
function linesOf(texts: string[], room: number): number {
  let [lines, used] = [1, 0];
  for (const text of texts) {
    const width = Math.min(room, textLeft(0) + textWidth(text, FONT_SIZE) + COLUMN_GAP);
    if (used > 0 && used + width > room) [lines, used] = [lines + 1, 0];
    used += width;
  }
  return lines;
}

/** A legend as names one after the other, in as many lines as they need. */
export function listBox(table: LegendTable, view: View, theme: Theme): LegendBox {
  const texts = new Map(flattened(table).rows.map(({ name, cells }) => [name, [name, ...cells].join('  ')]));
  const room = view.widthPixels - 2 * MARGIN;
  const height = linesOf([...texts.values()], room) * ROW;
  // So many are read more easily one below the other, and can be paged through.
  if (height > view.heightPixels * MAX_SHARE) return tableBox(flattened(table), view, theme, false);
  const legend: EChartsOption['legend'] = {
    left: MARGIN,
    top: view.heightPixels - height - MARGIN / 2,
    width: room,
    padding: 0,
    itemGap: 0,
    itemWidth: ICON,
    itemHeight: 4,
    icon: 'roundRect',
    itemStyle: { borderWidth: 0 },
    data: [...texts.keys()],
    formatter: (name: string) => shorten(texts.get(name) ?? name, room - textLeft(0) - COLUMN_GAP, FONT_SIZE),
    inactiveColor: withOpacity(theme.faint, 0.6),
    textStyle: { color: theme.text, fontSize: FONT_SIZE, lineHeight: ROW, padding: [0, COLUMN_GAP, 0, 0] },
  };
  return { bottom: height + MARGIN, right: 0, option: { legend } };
}

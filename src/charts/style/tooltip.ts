import type { EChartsOption } from 'echarts';
import { escapeHtml, FONT, FONT_SIZE } from './label.js';
import type { Theme } from './theme.js';

export interface TooltipRow {
  colour: string;
  name: string;
  text: string;
}

const ROW = 'display:flex;gap:16px;align-items:center;line-height:18px';

/** A table of colours, names and values under a heading. */
export function tooltipHtml(heading: string, rows: TooltipRow[]): string {
  const lines = rows.map(
    ({ colour, name, text }) =>
      `<div style="${ROW}"><span style="display:flex;gap:6px;align-items:center;flex:1">` +
      `<span style="width:12px;height:4px;border-radius:2px;background:${colour}"></span>${escapeHtml(name)}</span>` +
      `<b style="font-variant-numeric:tabular-nums">${escapeHtml(text)}</b></div>`,
  );
  const head = heading && `<div style="margin-bottom:2px;opacity:.8">${escapeHtml(heading)}</div>`;
  return head + lines.join('');
}

/** What all tooltips have in common. */
export const tooltipStyle = (theme: Theme): Exclude<EChartsOption['tooltip'], unknown[] | undefined> => ({
  confine: true,
  transitionDuration: 0,
  backgroundColor: theme.background,
  borderColor: theme.border,
  borderWidth: 1,
  padding: [6, 10],
  textStyle: { color: theme.text, fontSize: FONT_SIZE, fontFamily: FONT },
});

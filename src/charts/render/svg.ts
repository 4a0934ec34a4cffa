/**
 * From an option of ECharts to a picture.
 *
 * In: an ECharts option.
 * Out: SVG or HTML.
 * Must not know: Prometheus.
 *
 * @module
 */

import type { EChartsOption } from 'echarts';
import { SVGRenderer } from 'echarts/renderers';
import type { Panel, Series, View } from '../dashboard/types.js';
import { panelText } from '../fields/panel-text.js';
import { panelOption } from '../panels/panel-option.js';
import { escapeHtml, FONT } from '../style/label.js';
import { shorten, textWidth } from '../style/text-width.js';
import { themeOf } from '../style/theme.js';
import { notDrawn } from '../support/not-drawn.js';
import { init, setPlatformAPI, use } from './echarts.js';

use([SVGRenderer]);

// ECharts' own guess is that of a narrow font; texts would run into each other where the reader has a wide one.
setPlatformAPI({
  measureText: (text, font = '') => ({ width: textWidth(text, Number(/([\d.]+)px/.exec(font)?.[1] ?? 12)) }),
});

const TITLE_HEIGHT = 34;
const NOTE_HEIGHT = 18;
const MARGIN = 12;

/** ECharts' drawing as SVG. Without `dispose` the process would not end. */
function draw(option: EChartsOption, width: number, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

interface Frame {
  title: string;
  description: string;
  notes: string[];
}

const text = (content: string, y: number, size: number, weight: number, fill: string) =>
  `<text x="${MARGIN}" y="${y}" font-family="${FONT}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escapeHtml(content)}</text>`;

/** A drawing under its title, on a background: it has to be read in light and in dark notebooks. */
function framed({ title, description, notes }: Frame, view: View, option: (inner: View) => EChartsOption): string {
  const theme = themeOf(view.theme);
  const { widthPixels: width, heightPixels: height } = view;
  const below = notes.length * NOTE_HEIGHT;
  const inner = { ...view, heightPixels: height - TITLE_HEIGHT - below };
  const drawing = draw(option(inner), inner.widthPixels, inner.heightPixels).replace(
    '<svg ',
    `<svg y="${TITLE_HEIGHT}" `,
  );
  const lines = notes.map((note, index) =>
    text(shorten(note, width - 2 * MARGIN, 11), height - below + index * NOTE_HEIGHT + 10, 11, 400, theme.faint),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeHtml(title)}</title><desc>${escapeHtml(description)}</desc>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="3" fill="${theme.background}" stroke="${theme.border}"/>`,
    text(shorten(title, width - 2 * MARGIN, 15), 22, 14, 600, theme.text),
    drawing,
    ...lines,
    '</svg>',
  ].join('\n');
}

/** A panel as an SVG of the view's size, with its title, and with a line on what is not drawn. */
export function renderPanel(panel: Panel, series: Series[], view: View): string {
  const missing = notDrawn(panel);
  const notes = missing.length > 0 ? [`Not drawn here: ${missing.join('; ')}`] : [];
  const frame = { title: panel.title ?? '', description: panelText(panel, series).summary, notes };
  return framed(frame, view, (inner) => panelOption(panel, series, inner));
}

/** Any drawing, such as that of `bucketOption`, in the same frame. */
export const renderOption = (
  title: string,
  description: string,
  view: View,
  option: (inner: View) => EChartsOption,
): string => framed({ title, description, notes: [] }, view, option);

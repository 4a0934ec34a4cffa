import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { timeAxis } from '../axes/time-axis.js';
import { formatInstant } from '../axes/time-ticks.js';
import type { Panel, Series, View } from '../dashboard/types.js';
import { boundOf, toBuckets } from '../fields/histogram.js';
import { formatExactly, formatValue } from '../fields/units.js';
import { FONT, FONT_SIZE, label, message } from '../style/label.js';
import { textWidth } from '../style/text-width.js';
import { paletteColour, type Theme, themeOf } from '../style/theme.js';
import { tooltipHtml, tooltipStyle } from '../style/tooltip.js';

const MARGIN = { top: 12, side: 12, bottom: 58 };
const SCALE = { width: 140, height: 8 };

/** A bucket at a time: its place on the axis of buckets, and how many lay in it. */
type Cell = [milliseconds: number, bucket: number, count: number];

function cellsOf(series: Series[]): Cell[] {
  const times = [...new Set(series.flatMap(({ points }) => points.map(([seconds]) => seconds)))].sort((a, b) => a - b);
  const values = series.map(({ points }) => new Map(points));
  return times.flatMap((seconds) => {
    const cumulative = series.map((one, index): [number, number] => [boundOf(one), values[index]?.get(seconds) ?? 0]);
    return toBuckets(cumulative).map(({ count }, bucket): Cell => [seconds * 1000, bucket, count]);
  });
}

/** From the background to the first colour of the palette, in the order of the counts' square roots: rare ones are seen. */
function shade(share: number, theme: Theme): string {
  const mix = (from: string, to: string) => {
    const at = (colour: string, index: number) => Number.parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16);
    const part = 0.12 + 0.88 * Math.sqrt(share);
    const channels = [0, 1, 2].map((index) => Math.round(at(from, index) + (at(to, index) - at(from, index)) * part));
    return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
  };
  return mix(theme.background, paletteColour(2, theme));
}

const stepOf = (cells: Cell[]) => {
  const times = [...new Set(cells.map(([at]) => at))];
  return times.slice(1).reduce((least, at, index) => Math.min(least, at - (times[index] as number)), Infinity);
};

function cellSeries(cells: Cell[], most: number, stepMs: number, theme: Theme): CustomSeriesOption {
  return {
    type: 'custom',
    clip: true,
    encode: { x: 0, y: 1 },
    data: cells.filter(([, , count]) => count > 0),
    renderItem: (_, api) => {
      // A point of a range query tells of the time before it.
      const [x = 0, y = 0] = api.coord([Number(api.value(0)) - stepMs, Number(api.value(1)) + 1]);
      const [right = 0, bottom = 0] = api.coord([Number(api.value(0)), Number(api.value(1))]);
      const left = Math.round(x);
      const width = Math.max(1, Math.round(right) - left - (right - x > 6 ? 1 : 0));
      const shape = { x: left, y, width, height: Math.max(1, bottom - y - 1) };
      return { type: 'rect', shape, style: { fill: shade(Number(api.value(2)) / most, theme) } };
    },
  };
}

function colourScale(most: number, unit: string, { heightPixels, widthPixels }: View, theme: Theme) {
  const x = Math.max(MARGIN.side, widthPixels - MARGIN.side - SCALE.width);
  const y = heightPixels - 24;
  const colorStops = [0, 0.25, 0.5, 0.75, 1].map((offset) => ({ offset, color: shade(offset, theme) }));
  const bar = {
    type: 'rect' as const,
    silent: true,
    shape: { x, y, ...SCALE },
    style: { fill: { type: 'linear' as const, x: 0, y: 0, x2: 1, y2: 0, colorStops } },
  };
  const text = { y: y + 10, fontSize: 11, fill: theme.faint };
  return [
    bar,
    label('0', { x, ...text }),
    label(formatValue(most, unit), { x: x + SCALE.width, align: 'right', ...text }),
  ];
}

/** The unit of the buckets' bounds; that of the colours is the panel's. */
const boundUnit = ({ options }: Panel): string => (options?.yAxis as { unit?: string } | undefined)?.unit ?? 'none';

/** A histogram over time: buckets from below to above, the darker the more lay in them. */
export function heatmapOption(panel: Panel, series: Series[], view: View): EChartsOption {
  const theme = themeOf(view.theme);
  const order = series.filter((one) => !Number.isNaN(boundOf(one))).sort((one, other) => boundOf(one) - boundOf(other));
  if (order.length === 0)
    return {
      animation: false,
      graphic: message('No buckets: the label le is missing', view.widthPixels, view.heightPixels, theme),
    };
  const cells = cellsOf(order);
  const most = cells.reduce((high, [, , count]) => Math.max(high, count), 0) || 1;
  const stepMs = stepOf(cells);
  const bounds = order.map((one) => formatExactly(boundOf(one), boundUnit(panel)));
  const every = Math.ceil((bounds.length * 16) / Math.max(40, view.heightPixels - MARGIN.top - MARGIN.bottom));
  const ticks = bounds.map((_, index) => index + 1).filter((tick) => (bounds.length - tick) % every === 0);
  const left = MARGIN.side + Math.max(...bounds.map((text) => textWidth(text, FONT_SIZE))) + 8;
  const unit = panel.fieldConfig?.defaults?.unit ?? 'short';
  const formatter = (hovered: unknown) => {
    const [at, bucket, count] = (hovered as { value: Cell }).value;
    const text = `${bounds[bucket - 1] ?? '0'} to ${bounds[bucket]}`;
    return tooltipHtml(formatInstant(at / 1000), [
      { colour: shade(count / most, theme), name: text, text: formatValue(count, unit) },
    ]);
  };
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left, right: MARGIN.side + 8, top: MARGIN.top, bottom: MARGIN.bottom, outerBoundsMode: 'none' },
    xAxis: timeAxis(view.range, view.widthPixels - left - MARGIN.side - 8, theme),
    yAxis: {
      type: 'value',
      min: 0,
      max: bounds.length,
      axisTick: { show: false, customValues: ticks },
      axisLine: { show: false },
      splitLine: { show: false },
      axisLabel: {
        customValues: ticks,
        color: theme.faint,
        fontFamily: FONT,
        fontSize: FONT_SIZE,
        formatter: (tick: number) => bounds[tick - 1] ?? '',
      },
    },
    tooltip: { ...tooltipStyle(theme), trigger: 'item', formatter },
    series: cellSeries(cells, most, Number.isFinite(stepMs) ? stepMs : 60_000, theme),
    graphic: colourScale(most, unit, view, theme),
  };
}

import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { scaleFor } from '../axes/value-ticks.js';
import type { View } from '../dashboard/types.js';
import { type Bucket, positionOf } from '../fields/histogram.js';
import { formatExactly, formatTicks, formatValue } from '../fields/units.js';
import { FONT, FONT_SIZE } from '../style/label.js';
import { textWidth } from '../style/text-width.js';
import { colourOf, paletteColour, type Theme, themeOf, withOpacity } from '../style/theme.js';
import { tooltipHtml, tooltipStyle } from '../style/tooltip.js';

const MARK_HEIGHT = 14;
const MARGIN = { top: 36, side: 14, bottom: 46 };

/** One histogram at one time. */
export interface Histogram {
  buckets: Bucket[];
  /** Unit of the bounds. */
  unit: string;
  /** What is counted, such as `queries`. */
  counted: string;
  /** Values that a line is drawn at, such as a threshold or a quantile. */
  marks?: { value: number; text: string; colour: string }[];
}

function bars(buckets: Bucket[], theme: Theme): CustomSeriesOption {
  return {
    type: 'custom',
    encode: { x: 0, y: 1 },
    data: buckets.map(({ count }, index) => [index, count]),
    renderItem: (_, api) => {
      const [x = 0, y = 0] = api.coord([Number(api.value(0)), Number(api.value(1))]);
      const [right = 0, bottom = 0] = api.coord([Number(api.value(0)) + 1, 0]);
      const shape = { x: x + 1, y, width: Math.max(1, right - x - 2), height: bottom - y, r: [2, 2, 0, 0] };
      return { type: 'rect', shape, style: { fill: withOpacity(paletteColour(2, theme), 0.8) } };
    },
  };
}

function markLine({ marks = [], buckets }: Histogram, theme: Theme): CustomSeriesOption['markLine'] {
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    // Every other text stands higher: neighbours may lie close.
    data: [...marks]
      .sort((one, other) => one.value - other.value)
      .map(({ value, text, colour }, index) => ({
        xAxis: positionOf(value, buckets),
        lineStyle: { color: colourOf(colour, theme), type: 'dashed' as const, width: 1.5 },
        label: {
          formatter: text,
          distance: 4 + (index % 2) * MARK_HEIGHT,
          color: colourOf(colour, theme),
          fontFamily: FONT,
          fontSize: 11,
          fontWeight: 600 as const,
        },
      })),
  };
}

/** A histogram's buckets as bars of equal width between their bounds, the way that Prometheus sees them. */
export function bucketOption(histogram: Histogram, view: View): EChartsOption {
  const theme = themeOf(view.theme);
  const { buckets, unit, counted } = histogram;
  const bounds = [buckets[0]?.from ?? 0, ...buckets.map(({ upTo }) => upTo)].map((bound) => formatExactly(bound, unit));
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const scale = scaleFor({
    low: 0,
    high: most,
    unit: 'short',
    count: Math.max(1, Math.min(most, view.heightPixels / 48)),
  });
  const texts = formatTicks(scale.ticks, 'short');
  const left = MARGIN.side + Math.max(...texts.map((text) => textWidth(text, FONT_SIZE))) + 26;
  const plot = view.widthPixels - left - MARGIN.side - 12;
  const widest = Math.max(...bounds.map((text) => textWidth(text, FONT_SIZE))) + 8;
  const every = Math.max(1, Math.ceil((bounds.length * widest) / plot));
  const edges = bounds.map((_, index) => index).filter((index) => (bounds.length - 1 - index) % every === 0);
  const axisLabel = { color: theme.faint, fontFamily: FONT, fontSize: FONT_SIZE };
  const nameTextStyle = { color: theme.faint, fontFamily: FONT, fontSize: FONT_SIZE };
  const formatter = (hovered: unknown) => {
    const index = (hovered as { dataIndex: number }).dataIndex;
    const text = formatValue(buckets[index]?.count ?? 0, 'short');
    return tooltipHtml('', [
      { colour: paletteColour(2, theme), name: `${bounds[index]} to ${bounds[index + 1]}`, text },
    ]);
  };
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left, right: MARGIN.side + 12, top: MARGIN.top, bottom: MARGIN.bottom, outerBoundsMode: 'none' },
    tooltip: { ...tooltipStyle(theme), trigger: 'item', formatter },
    xAxis: {
      type: 'value',
      min: 0,
      max: buckets.length,
      name: 'bounds of the buckets (le)',
      nameLocation: 'middle',
      nameGap: 30,
      nameTextStyle,
      axisLine: { show: true, lineStyle: { color: theme.border } },
      axisTick: { show: true, customValues: edges, lineStyle: { color: theme.border } },
      splitLine: { show: false },
      axisLabel: { ...axisLabel, customValues: edges, formatter: (edge: number) => bounds[edge] ?? '' },
    },
    yAxis: {
      type: 'value',
      max: scale.max,
      interval: scale.step,
      name: counted,
      nameLocation: 'middle',
      nameGap: left - 20,
      nameTextStyle,
      axisLabel: { ...axisLabel, formatter: (tick: number) => texts[scale.ticks.indexOf(tick)] ?? '' },
      splitLine: { lineStyle: { color: theme.grid } },
    },
    series: { ...bars(buckets, theme), markLine: markLine(histogram, theme) },
  };
}

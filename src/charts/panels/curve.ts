import type { BarSeriesOption, LineSeriesOption } from 'echarts';
import { thresholdMarks } from '../axes/thresholds.js';
import type { Scale } from '../axes/value-ticks.js';
import { curveColour } from '../fields/field.js';
import { reduce } from '../fields/reduce.js';
import { type Theme, withOpacity } from '../style/theme.js';
import type { drawnCurves } from './stacking.js';

type Curve = ReturnType<typeof drawnCurves>[number];

const STEPS: Record<string, 'start' | 'end'> = { stepBefore: 'start', stepAfter: 'end' };

const MAX_BAR = 40;
/** Of the way from one bar to the next; the rest is the gap. */
const BAR_SHARE = 0.7;

/** With fewer pixels than this for each point, points would touch. */
const POINT_SPACING = 12;

/** Lets a line run on over gaps that are shorter than the panel allows. */
function spanShortGaps(points: Curve['points'], longestMs: number): Curve['points'] {
  const known = points.filter(([, value]) => value !== null);
  return known.flatMap((point, index) => {
    const previous = known[index - 1];
    const isGap = previous !== undefined && point[0] - previous[0] > longestMs;
    return isGap ? [[previous[0] + 1, null], point] : [point];
  });
}

function spanned({ points, field }: Curve): Curve['points'] {
  const { spanNulls } = field.custom;
  return typeof spanNulls === 'number' && spanNulls > 0 ? spanShortGaps(points, spanNulls) : points;
}

/** A point between two gaps is no line; without a symbol it would not be seen. */
const isAlone = (points: Curve['points'], index: number) =>
  points[index]?.[1] !== null && (points[index - 1]?.[1] ?? null) === null && (points[index + 1]?.[1] ?? null) === null;

function symbols({ field }: Curve, points: Curve['points'], plotPixels: number) {
  const { showPoints = 'auto', pointSize = 5, drawStyle = 'line' } = field.custom;
  const known = points.filter(([, value]) => value !== null).length;
  const all =
    drawStyle === 'points' || showPoints === 'always' || (showPoints === 'auto' && known * POINT_SPACING < plotPixels);
  if (all) return { showSymbol: true, symbolSize: pointSize };
  if (!points.some((_, index) => isAlone(points, index))) return { showSymbol: false, symbolSize: 7 };
  const sizeOf = (_: unknown, { dataIndex }: { dataIndex: number }) => (isAlone(points, dataIndex) ? pointSize : 0);
  return { showSymbol: true, symbolSize: sizeOf };
}

function lineStyle({ field }: Curve, colour: string) {
  const { lineStyle: { fill = 'solid', dash } = {}, lineWidth = 1, drawStyle = 'line' } = field.custom;
  const pattern = dash ?? (fill === 'dot' ? [1, 4] : [8, 6]);
  return {
    color: colour,
    width: drawStyle === 'points' ? 0 : lineWidth,
    type: fill === 'solid' ? ('solid' as const) : pattern,
    cap: fill === 'dot' ? ('round' as const) : ('butt' as const),
    join: 'round' as const,
  };
}

function area({ field }: Curve, colour: string) {
  const { fillOpacity = 0, gradientMode = 'none', drawStyle = 'line' } = field.custom;
  if (fillOpacity === 0 || drawStyle === 'points') return {};
  const strong = withOpacity(colour, fillOpacity / 100);
  const gradient = {
    type: 'linear' as const,
    x: 0,
    y: 0,
    x2: 0,
    y2: 1,
    colorStops: [
      { offset: 0, color: strong },
      { offset: 1, color: withOpacity(colour, 0) },
    ],
  };
  return { areaStyle: { color: gradientMode === 'opacity' ? gradient : strong, opacity: 1 } };
}

/** A field as a line, as points or as bars. */
export function curveOption(
  curve: Curve,
  yAxisIndex: number,
  scale: Scale,
  plotPixels: number,
  theme: Theme,
): LineSeriesOption | BarSeriesOption {
  const { field, stack } = curve;
  const { custom, series, name } = field;
  const colour = curveColour(field, reduce(series, 'lastNotNull'), theme);
  const common = { name, yAxisIndex, stack, ...thresholdMarks(field, scale, theme) };
  if (custom.drawStyle === 'bars') return { ...common, ...barOption(curve, colour, plotPixels) };
  const points = spanned(curve);
  const line: LineSeriesOption = {
    ...common,
    type: 'line',
    data: points,
    ...symbols(curve, points, plotPixels),
    symbol: 'circle',
    smooth: custom.lineInterpolation === 'smooth' ? 0.3 : false,
    smoothMonotone: 'x',
    step: STEPS[custom.lineInterpolation ?? ''] ?? false,
    connectNulls: custom.spanNulls === true,
    lineStyle: lineStyle(curve, colour),
    itemStyle: { color: colour },
    ...area(curve, colour),
    emphasis: { disabled: false, focus: 'none' },
  };
  return line;
}

function barOption({ field, points }: Curve, colour: string, plotPixels: number): BarSeriesOption {
  const { lineWidth = 1, fillOpacity = 80 } = field.custom;
  return {
    type: 'bar',
    data: points,
    barWidth: Math.min(MAX_BAR, (plotPixels / Math.max(1, points.length)) * BAR_SHARE),
    itemStyle: {
      color: withOpacity(colour, Math.max(fillOpacity, 30) / 100),
      borderColor: colour,
      // Frames of bars that stand close would be all that is seen.
      borderWidth: points.length * POINT_SPACING < plotPixels ? Math.min(lineWidth, 1) : 0,
    },
  };
}

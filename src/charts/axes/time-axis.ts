import type { EChartsOption } from 'echarts';
import type { TimeRange } from '../dashboard/types.js';
import { FONT, FONT_SIZE } from '../style/label.js';
import type { Theme } from '../style/theme.js';
import { timeTicks } from './time-ticks.js';

/** The time axis below a plot. */
export function timeAxis(range: TimeRange, plotPixels: number, theme: Theme): NonNullable<EChartsOption['xAxis']> {
  const { seconds, labelled, format } = timeTicks(range, plotPixels);
  return {
    type: 'time',
    min: range.fromSeconds * 1000,
    max: range.toSeconds * 1000,
    axisLine: { show: false },
    axisTick: { show: false, customValues: seconds.map((at) => at * 1000) },
    axisLabel: {
      customValues: labelled.map((at) => at * 1000),
      formatter: (at: number) => format(at / 1000),
      color: theme.faint,
      fontFamily: FONT,
      fontSize: FONT_SIZE,
      margin: 10,
      rich: {},
    },
    splitLine: { show: true, lineStyle: { color: theme.grid, width: 1 } },
  };
}

import { listenForDrag } from './drag-zoom.js';
import { type EChartsOption, type EChartsType, init } from './echarts.js';
import type { PointUnderPointer } from './tooltip.js';

export interface ChartHooks {
  tooltip(points: PointUnderPointer[]): HTMLElement;
  /** The pointer, or an arrow key, is at a moment; undefined where it has left. */
  onMoment(ms: number | undefined): void;
  onZoom(fromMs: number, toMs: number): void;
}

/** A drawing that can be drawn anew with other data. */
export interface Chart {
  draw(option: EChartsOption, hidden: ReadonlySet<string>): void;
  /** Marks a moment; with its values where `withValues`. */
  mark(ms: number | undefined, withValues: boolean): void;
  resize(): void;
}

const X_AXIS = { xAxisIndex: 0 };

function tooltipOption(option: EChartsOption, format: (points: PointUnderPointer[]) => HTMLElement | string) {
  const formatter = (points: unknown) => format([points].flat() as PointUnderPointer[]);
  // The frame is drawn by the style sheet.
  const plain = { backgroundColor: 'transparent', borderWidth: 0, padding: 0, extraCssText: 'box-shadow: none' };
  return { ...option.tooltip, ...plain, formatter, appendTo: 'body', transitionDuration: 0, confine: false };
}

export function createChart(element: HTMLElement, hooks: ChartHooks): Chart {
  const chart: EChartsType = init(element, null, { renderer: 'canvas' });
  let hasTimeAxis = false;
  let showsValues = false;
  const momentAt = (x: number) => Number(chart.convertFromPixel(X_AXIS, x));
  const isInGraph = (x: number) => hasTimeAxis && chart.containPixel({ gridIndex: 0 }, [x, element.clientHeight / 2]);

  chart.getZr().on('mousemove', ({ offsetX }) => {
    showsValues = true;
    if (hasTimeAxis) hooks.onMoment(isInGraph(offsetX) ? momentAt(offsetX) : undefined);
  });
  chart.getZr().on('globalout', () => hooks.onMoment(undefined));
  listenForDrag(element, isInGraph, (from, to) => hooks.onZoom(momentAt(from), momentAt(to)));

  return {
    draw(option, hidden) {
      hasTimeAxis = 'xAxis' in option;
      const selected = Object.fromEntries([...hidden].map((name) => [name, false]));
      const format = (points: PointUnderPointer[]) => (showsValues ? hooks.tooltip(points) : '');
      const own = {
        animation: false,
        backgroundColor: 'transparent',
        legend: { ...option.legend, show: false, selected },
        tooltip: tooltipOption(option, format),
      };
      const replaceMerge = ['series', 'xAxis', 'yAxis', 'grid', 'title', 'graphic', 'legend'];
      chart.setOption({ ...option, ...own } as EChartsOption, { replaceMerge });
    },
    mark(ms, withValues) {
      if (!hasTimeAxis) return;
      showsValues = withValues;
      const x = ms === undefined ? Number.NaN : Number(chart.convertToPixel(X_AXIS, ms));
      if (!isInGraph(x)) chart.dispatchAction({ type: 'hideTip' });
      else chart.dispatchAction({ type: 'showTip', x, y: element.clientHeight / 2 });
    },
    resize: () => chart.resize({ animation: { duration: 0 } }),
  };
}

import { listenForDrag } from './drag-zoom.js';
import { type EChartsOption, type EChartsType, init } from './echarts.js';

export interface ChartHooks {
  /** The pointer, or an arrow key, is at a moment; undefined where it has left. */
  onMoment(ms: number | undefined): void;
  onZoom(fromMs: number, toMs: number): void;
}

/** A drawing that can be drawn anew with other data. */
export interface Chart {
  draw(option: EChartsOption, hidden: ReadonlySet<string>): void;
  /** Marks a moment, with its values where `withValues`: these are returned as text. */
  mark(ms: number | undefined, withValues: boolean): string;
  /** Takes the size of its element. */
  fit(): void;
}

const X_AXIS = { xAxisIndex: 0 };

type Formatter = (...given: unknown[]) => string;

/** The adapter's tooltip, over the edges of its panel; `seen` decides what of it is shown. */
function tooltipOption({ tooltip }: EChartsOption, seen: (html: string) => string) {
  const { formatter, ...rest } = (tooltip ?? {}) as { formatter?: Formatter };
  const format: Formatter = (...given) => seen(formatter?.(...given) ?? '');
  return { ...rest, ...(formatter && { formatter: format }), appendTo: 'body', confine: false };
}

/** The texts of a tooltip one after the other. */
function textOf(html: string): string {
  const template = document.createElement('template');
  template.innerHTML = html;
  const texts: string[] = [];
  const walker = document.createTreeWalker(template.content, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? '');
  return texts.join(', ');
}

export function createChart(element: HTMLElement, hooks: ChartHooks): Chart {
  const chart: EChartsType = init(element, null, { renderer: 'canvas' });
  let hasTimeAxis = false;
  let showsValues = false;
  let lastHtml = '';
  const seen = (html: string) => {
    lastHtml = html;
    return showsValues ? html : '';
  };
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
      const own = {
        backgroundColor: 'transparent',
        legend: { ...option.legend, show: false, selected },
        tooltip: tooltipOption(option, seen),
      };
      const replaceMerge = ['series', 'xAxis', 'yAxis', 'grid', 'title', 'graphic', 'legend'];
      chart.setOption({ ...option, ...own } as EChartsOption, { replaceMerge });
    },
    mark(ms, withValues) {
      if (!hasTimeAxis) return '';
      showsValues = withValues;
      lastHtml = '';
      const x = ms === undefined ? Number.NaN : Number(chart.convertToPixel(X_AXIS, ms));
      if (!isInGraph(x)) chart.dispatchAction({ type: 'hideTip' });
      else chart.dispatchAction({ type: 'showTip', x, y: element.clientHeight / 2 });
      return withValues ? textOf(lastHtml) : '';
    },
    fit() {
      const fits = chart.getWidth() === element.clientWidth && chart.getHeight() === element.clientHeight;
      if (!fits) chart.resize({ animation: { duration: 0 } });
    },
  };
}

import { GaugeChart, LineChart, PieChart } from 'echarts/charts';
import {
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// What src/charts draws with, and nothing else: the rest would double the page's script.
use([
  CanvasRenderer,
  GaugeChart,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  PieChart,
  TitleComponent,
  TooltipComponent,
]);

export type { EChartsOption } from 'echarts';
export type { EChartsType } from 'echarts/core';
export { init };

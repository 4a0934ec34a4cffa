import { BarChart, CustomChart, GaugeChart, LineChart, PieChart } from 'echarts/charts';
import {
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';

// Only what the panels are drawn with: the page has to stay small. Whoever draws adds a renderer with `use`.
use([
  BarChart,
  CustomChart,
  GaugeChart,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  PieChart,
  TooltipComponent,
]);

export { init, setPlatformAPI, use };

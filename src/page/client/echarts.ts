import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use(CanvasRenderer);

export type { EChartsOption } from 'echarts';
export type { EChartsType } from 'echarts/core';
export { init } from '../../charts/render/echarts.js';

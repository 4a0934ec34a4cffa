import type { EChartsOption, GaugeSeriesOption } from 'echarts';
import type { Panel, Series, View } from '../dashboard/types.js';
import { thresholdSteps } from '../fields/field.js';
import { formatExactly } from '../fields/units.js';
import { rangeOf, shareOf, type Value, valuesOf } from '../fields/values.js';
import { FONT, label } from '../style/label.js';
import { boldWidth, shorten } from '../style/text-width.js';
import { colourOf, type Theme, themeOf } from '../style/theme.js';
import { type Tile, tiles } from '../style/tiles.js';

const ANGLES = { startAngle: 210, endAngle: -30 };
/** An arc of 240 degrees is one and a half radiuses high. */
const HEIGHT_OF_RADIUS = 1.5;
const MARGIN = 10;
const RING_GAP = 3;

interface Place {
  value: Value;
  tile: Tile;
  radius: number;
  centre: [x: number, y: number];
  range: { min: number; max: number };
  showsName: boolean;
}

function place(value: Value, tile: Tile, values: Value[]): Place {
  const showsName = values.length > 1;
  const height = tile.height - 2 * MARGIN - 14 - (showsName ? 20 : 0);
  const radius = Math.max(10, Math.min(tile.width / 2 - MARGIN, height / HEIGHT_OF_RADIUS));
  const top = tile.y + MARGIN + Math.max(0, (height - radius * HEIGHT_OF_RADIUS) / 2);
  return {
    value,
    tile,
    radius,
    centre: [tile.x + tile.width / 2, top + radius],
    range: rangeOf(value.field, values),
    showsName,
  };
}

const bare = {
  pointer: { show: false },
  axisTick: { show: false },
  splitLine: { show: false },
  axisLabel: { show: false },
};

const common = ({ centre, range }: Place): GaugeSeriesOption => ({
  type: 'gauge',
  silent: true,
  animation: false,
  center: centre,
  ...ANGLES,
  ...range,
  ...bare,
  detail: { show: false },
  title: { show: false },
});

/** The colours of the thresholds along the arc, each up to its share of the way. */
function ringColours({ value, range }: Place, theme: Theme): [number, string][] {
  const steps = thresholdSteps(value.field.config);
  return steps
    .map(({ color }, index): [number, string] => [
      index + 1 < steps.length ? shareOf(steps[index + 1]?.value ?? null, range) : 1,
      colourOf(color, theme),
    ])
    .filter(([share], index, all) => share > (all[index - 1]?.[0] ?? 0));
}

function arcs(one: Place, showsMarkers: boolean, theme: Theme): GaugeSeriesOption[] {
  const ring = showsMarkers ? Math.max(3, one.radius * 0.05) : 0;
  const width = one.radius * 0.22;
  const track: GaugeSeriesOption = {
    ...common(one),
    radius: one.radius - (showsMarkers ? ring + RING_GAP : 0),
    axisLine: { lineStyle: { width, color: [[1, theme.empty]] } },
    progress: { show: one.value.value !== null, width, itemStyle: { color: one.value.colour } },
    data: [{ value: shareOf(one.value.value, one.range) * (one.range.max - one.range.min) + one.range.min }],
  };
  if (!showsMarkers) return [track];
  const markers: GaugeSeriesOption = {
    ...common(one),
    radius: one.radius,
    axisLine: { lineStyle: { width: ring, color: ringColours(one, theme) } },
    progress: { show: false },
    data: [],
  };
  return [track, markers];
}

function texts({ value, centre: [x, y], radius, range, tile, showsName }: Place, theme: Theme) {
  const { unit, decimals } = value.field.config;
  const inner = radius * 1.2;
  const size = Math.floor(Math.max(11, Math.min(radius * 0.42, 48, (inner / boldWidth(value.text, 100)) * 100)));
  const fill = value.value === null ? theme.faint : value.colour;
  const ends = y + radius * 0.5 + 6;
  // The middle of the arc's ends, which lie 30 degrees below the centre.
  const side = radius * 0.75;
  const end = (at: number, end: number) =>
    label(formatExactly(end, unit, decimals), { x: x + at, y: ends, align: 'center', fontSize: 11, fill: theme.faint });
  const shown = [
    label(value.text, { x, y, align: 'center', verticalAlign: 'middle', fontSize: size, fontWeight: 600, fill }),
    end(-side, range.min),
    end(side, range.max),
  ];
  if (!showsName) return shown;
  const name = shorten(value.name, tile.width - MARGIN, 14);
  return [...shown, label(name, { x, y: ends + 16, align: 'center', fontSize: 14, fill: theme.text })];
}

/** An arc for each value, with the thresholds along it and the value in the middle. */
export function gaugeOption(panel: Panel, series: Series[], view: View): EChartsOption {
  const theme = themeOf(view.theme);
  const values = valuesOf(panel, series, theme);
  const showsMarkers = panel.options?.showThresholdMarkers !== false;
  const places = tiles(values.length, view.widthPixels, view.heightPixels, 1.2).map((tile, index) =>
    place(values[index] as Value, tile, values),
  );
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    series: places.flatMap((one) => arcs(one, showsMarkers, theme)),
    graphic: places.flatMap((one) => texts(one, theme)),
  };
}

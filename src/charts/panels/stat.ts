import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Panel, PanelOptions, Series, View } from '../dashboard/types.js';
import { type Value, valuesOf } from '../fields/values.js';
import { FONT, label } from '../style/label.js';
import { boldWidth, shorten } from '../style/text-width.js';
import { type Theme, textOn, themeOf, withOpacity } from '../style/theme.js';
import { type Tile, tiles } from '../style/tiles.js';

const ASPECT = 1.6;
const PADDING = 8;
const NAME_GAP = 4;
const MAX_FONT = 64;

const hasSpark = ({ field }: Value) => field.series.points.filter(([, value]) => value !== null).length > 1;

interface Style {
  showsName: boolean;
  showsValue: boolean;
  showsSpark: boolean;
  isFilled: boolean;
  isPlain: boolean;
}

function styleOf({ textMode = 'auto', graphMode = 'area', colorMode = 'value' }: PanelOptions, count: number): Style {
  return {
    showsName: textMode === 'auto' ? count > 1 : textMode === 'name' || textMode === 'value_and_name',
    showsValue: textMode !== 'name' && textMode !== 'none',
    showsSpark: graphMode === 'area',
    isFilled: colorMode === 'background' || colorMode === 'background_solid',
    isPlain: colorMode === 'none',
  };
}

const fontFor = (text: string, width: number, height: number) =>
  Math.floor(Math.max(12, Math.min(MAX_FONT, height, ((width * 0.94) / boldWidth(text, 100)) * 100)));

function texts({ name, text, colour, value }: Value, tile: Tile, style: Style, theme: Theme) {
  const width = tile.width - 2 * PADDING;
  const middle = tile.x + tile.width / 2;
  const room = tile.height * (style.showsSpark ? 0.68 : 1);
  const valueSize = style.showsValue ? fontFor(text, width, room * (style.showsName ? 0.5 : 0.6)) : 0;
  const nameSize = style.showsName ? Math.min(18, fontFor(name, width, room * 0.22)) : 0;
  const gap = style.showsName && style.showsValue ? NAME_GAP : 0;
  const top = tile.y + (room - valueSize - nameSize - gap) / 2;
  const valueFill = style.isPlain || value === null ? theme.text : colour;
  const fill = style.isFilled ? textOn(colour, theme) : valueFill;
  const align = 'center' as const;
  const nameFill = style.isFilled ? fill : theme.text;
  const texts = [];
  if (style.showsName)
    texts.push(label(shorten(name, width, nameSize), { x: middle, y: top, align, fontSize: nameSize, fill: nameFill }));
  if (style.showsValue)
    texts.push(label(text, { x: middle, y: top + nameSize + gap, align, fontSize: valueSize, fontWeight: 600, fill }));
  return texts;
}

const background = ({ colour }: Value, { x, y, width, height }: Tile) => ({
  type: 'rect' as const,
  silent: true,
  shape: { x, y, width, height, r: 4 },
  style: { fill: colour },
});

function spark({ field, colour }: Value, index: number, isFilled: boolean, theme: Theme): LineSeriesOption {
  const line = isFilled ? textOn(colour, theme) : colour;
  return {
    type: 'line',
    silent: true,
    xAxisIndex: index,
    yAxisIndex: index,
    data: field.series.points.map(([seconds, value]) => [seconds * 1000, Number.isFinite(value) ? value : null]),
    showSymbol: false,
    lineStyle: { color: line, width: 1.5 },
    areaStyle: { color: withOpacity(line, 0.22), opacity: 1 },
  };
}

/** The least and greatest of a curve, with room below for a flat one. */
function sparkExtent({ field }: Value): { min: number; max: number } {
  const values = field.series.points
    .map(([, value]) => value)
    .filter((value) => value !== null && Number.isFinite(value)) as number[];
  const low = field.config.min ?? values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = field.config.max ?? values.reduce((a, b) => Math.max(a, b), -Infinity);
  const room = (high - low) * 0.1 || Math.abs(high) * 0.5 || 1;
  return { min: low - room, max: high + room };
}

/** Large numbers in the colour of their threshold, above what they were before. */
export function statOption(panel: Panel, series: Series[], view: View): EChartsOption {
  const theme = themeOf(view.theme);
  const values = valuesOf(panel, series, theme);
  const style = styleOf(panel.options ?? {}, values.length);
  const inset = style.isFilled ? PADDING : 0;
  const [width, height] = [view.widthPixels - 2 * inset, view.heightPixels - inset];
  const places = tiles(values.length, width, height, ASPECT).map((tile, index) => ({
    tile: { ...tile, x: tile.x + inset },
    value: values[index] as Value,
  }));
  const sparks = style.showsSpark ? places.filter(({ value }) => hasSpark(value)) : [];
  const range = { min: view.range.fromSeconds * 1000, max: view.range.toSeconds * 1000 };
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: sparks.map(({ tile: { x, y, width, height } }) => ({
      left: x,
      top: y + height * 0.68,
      width,
      height: height * 0.32,
      outerBoundsMode: 'none' as const,
    })),
    xAxis: sparks.map((_, gridIndex) => ({ type: 'time' as const, show: false, gridIndex, ...range })),
    yAxis: sparks.map(({ value }, gridIndex) => ({
      type: 'value' as const,
      show: false,
      gridIndex,
      ...sparkExtent(value),
    })),
    series: sparks.map(({ value }, index) => spark(value, index, style.isFilled, theme)),
    graphic: places.flatMap(({ tile, value }) => [
      ...(style.isFilled ? [background(value, tile)] : []),
      ...texts(value, tile, style, theme),
    ]),
  };
}

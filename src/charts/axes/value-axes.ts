/**
 * Axes and what is drawn along them.
 *
 * In: values, a time range.
 * Out: axes, ticks, thresholds.
 * Must not know: types of panels.
 *
 * @module
 */

import type { EChartsOption } from 'echarts';
import type { Field } from '../fields/field.js';
import { formatTicks } from '../fields/units.js';
import { FONT, FONT_SIZE } from '../style/label.js';
import { textWidth } from '../style/text-width.js';
import type { Theme } from '../style/theme.js';
import { thresholdLines } from './thresholds.js';
import { type Scale, scaleFor } from './value-ticks.js';

const LABEL_GAP = 8;
const NAME_WIDTH = 18;

/** A value axis with the fields that are drawn on it. */
export interface ValueAxis {
  side: 'left' | 'right';
  isHidden: boolean;
  unit: string;
  name: string;
  fields: Field[];
  scale: Scale;
  texts: string[];
  widthPixels: number;
}

export interface Extent {
  low: number;
  high: number;
}

type Group = Pick<ValueAxis, 'side' | 'isHidden' | 'unit' | 'name' | 'fields'>;

/** Fields of one unit share an axis; the second unit goes to the right, unless the panel says where. */
function group(fields: Field[]): Group[] {
  const groups = new Map<string, Group>();
  for (const field of fields) {
    const { axisPlacement: placement = 'auto', axisLabel: name = '' } = field.custom;
    const unit = field.config.unit ?? 'none';
    const first = [...groups.values()].find(({ side }) => side === 'left');
    const isRight = placement === 'right' || (placement === 'auto' && first !== undefined && first.unit !== unit);
    const isHidden = placement === 'hidden';
    const key = `${isHidden ? 'hidden' : isRight} ${unit} ${name}`;
    const known = groups.get(key);
    if (known) known.fields.push(field);
    else groups.set(key, { side: isRight ? 'right' : 'left', isHidden, unit, name, fields: [field] });
  }
  return [...groups.values()];
}

/** Least or greatest of what the fields ask for. */
function pick(fields: Field[], read: (field: Field) => number | null | undefined, choose: typeof Math.min) {
  const values = fields.map(read).filter((value) => value !== null && value !== undefined);
  return values.length === 0 ? undefined : choose(...values);
}

/** A threshold is worth room on the axis as long as the curves keep a third of the height. */
const WORTH = 3;

function wishedExtent(fields: Field[], { low, high }: Extent): Extent {
  const softMin = pick(fields, ({ custom }) => custom.axisSoftMin, Math.min);
  const softMax = pick(fields, ({ custom }) => custom.axisSoftMax, Math.max);
  const lines = fields.flatMap((field) => thresholdLines(field).map(({ value }) => value));
  const reach = Math.max(Math.abs(low), Math.abs(high)) * WORTH;
  const near = lines.filter((value) => Math.abs(value) <= reach);
  return { low: Math.min(low, softMin ?? low, ...near), high: Math.max(high, softMax ?? high, ...near) };
}

/** The axes of a panel; `extentOf` tells between which values the fields of an axis lie. */
export function valueAxes(fields: Field[], plotPixels: number, extentOf: (fields: Field[]) => Extent): ValueAxis[] {
  return group(fields).map((one) => {
    const min = pick(one.fields, ({ config }) => config.min, Math.min);
    const max = pick(one.fields, ({ config }) => config.max, Math.max);
    const extent = wishedExtent(one.fields, extentOf(one.fields));
    const count = Math.max(2, Math.floor(plotPixels / 36));
    const scale = scaleFor({ ...extent, min, max, unit: one.unit, count });
    const texts = formatTicks(scale.ticks, one.unit, one.fields[0]?.config.decimals);
    const labels = Math.max(...texts.map((text) => textWidth(text, FONT_SIZE)));
    const widthPixels = one.isHidden ? 0 : labels + LABEL_GAP + (one.name ? NAME_WIDTH : 0);
    return { ...one, scale, texts, widthPixels };
  });
}

export const axesWidth = (axes: ValueAxis[], side: ValueAxis['side']): number =>
  axes.filter((axis) => axis.side === side).reduce((sum, { widthPixels }) => sum + widthPixels, 0);

/** The axes as ECharts takes them. Only the first one draws lines across the plot. */
export function axisOptions(axes: ValueAxis[], theme: Theme): EChartsOption['yAxis'] {
  return axes.map((axis, index) => {
    const { side, scale, texts, name, widthPixels, isHidden } = axis;
    const before = axes.slice(0, index).filter((other) => other.side === side);
    const byTick = new Map(scale.ticks.map((tick, position) => [tick, texts[position] as string]));
    return {
      type: 'value' as const,
      show: !isHidden,
      position: side,
      offset: before.reduce((sum, other) => sum + other.widthPixels, 0),
      min: scale.min,
      max: scale.max,
      interval: scale.step,
      name,
      nameLocation: 'middle' as const,
      nameGap: widthPixels - NAME_WIDTH / 2,
      nameTextStyle: { color: theme.faint, fontFamily: FONT, fontSize: FONT_SIZE },
      axisLine: { show: false },
      axisTick: { show: false, customValues: scale.ticks },
      axisLabel: {
        color: theme.faint,
        fontFamily: FONT,
        fontSize: FONT_SIZE,
        margin: LABEL_GAP,
        customValues: scale.ticks,
        formatter: (value: number) => byTick.get(Number(value.toPrecision(12))) ?? '',
      },
      splitLine: { show: index === 0, lineStyle: { color: theme.grid, width: 1 } },
    };
  });
}

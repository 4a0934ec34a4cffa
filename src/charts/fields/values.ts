import type { Panel, Series } from '../dashboard/types.js';
import type { Theme } from '../style/theme.js';
import { type Field, fieldsOf, thresholdSteps, valueColour } from './field.js';
import { reduce } from './reduce.js';
import { formatValue } from './units.js';

/** A series as the one number that a stat, a gauge, a bar or a slice shows. */
export interface Value {
  field: Field;
  name: string;
  value: number | null;
  text: string;
  colour: string;
}

/** What is written where there is nothing to show. */
export const noValue = (panel: Panel): string => panel.fieldConfig?.defaults?.noValue || 'No data';

/** One value for each series and calculation. */
export function valuesOf(panel: Panel, series: Series[], theme: Theme): Value[] {
  const calcs = panel.options?.reduceOptions?.calcs ?? [];
  const [calc = 'lastNotNull'] = calcs;
  return fieldsOf(panel, series).map((field) => {
    const value = reduce(field.series, calc);
    const { unit, decimals } = field.config;
    const text = value === null ? noValue(panel) : formatValue(value, unit, decimals);
    return { field, name: field.name, value, text, colour: valueColour(field, value, theme) };
  });
}

/** Between what a gauge or a bar is filled: as the panel says, else as its values and thresholds reach. */
export function rangeOf({ config }: Field, values: Value[]): { min: number; max: number } {
  const points = values.flatMap(({ field }) => field.series.points.map(([, value]) => value ?? 0));
  const limits = thresholdSteps(config).filter(({ value }) => value !== -Infinity);
  const all = [...points, ...limits.map(({ value }) => value)].filter(Number.isFinite);
  const isShare = config.unit === 'percentunit';
  const min = config.min ?? all.reduce((least, value) => Math.min(least, value), 0);
  const max = config.max ?? all.reduce((most, value) => Math.max(most, value), isShare ? 1 : min);
  return { min, max: max > min ? max : min + (config.unit === 'percent' ? 100 : 1) };
}

/** How far a value is on the way from min to max, from 0 to 1. */
export const shareOf = (value: number | null, { min, max }: { min: number; max: number }): number =>
  value === null ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min)));

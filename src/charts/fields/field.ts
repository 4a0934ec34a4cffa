/**
 * Grafana's fields: values with their names, units and reductions.
 *
 * In: series.
 * Out: values with names, units and reductions.
 * Must not know: ECharts.
 *
 * @module
 */

import type { CustomConfig, FieldConfig, Override, Panel, Series, ThresholdStep } from '../dashboard/types.js';
import { colourOf, paletteColour, type Theme } from '../style/theme.js';

/** A series with the options that hold for it. */
export interface Field {
  series: Series;
  config: FieldConfig;
  custom: CustomConfig;
  name: string;
  /** Its place in the panel, which gives it its colour. */
  index: number;
}

function matches({ id, options }: Override['matcher'], { name, refId }: Series): boolean {
  if (id === 'byName') return options === name;
  if (id === 'byFrameRefID') return options === refId;
  if (id !== 'byRegexp') return false;
  const [, pattern = String(options), flags = ''] = /^\/(.*)\/([a-z]*)$/.exec(String(options)) ?? [];
  return new RegExp(pattern, flags).test(name);
}

/** Sets `custom.axisPlacement` or `unit` in a copy that is ours. */
function set(config: FieldConfig, id: string, value: unknown): void {
  if (!id.startsWith('custom.')) {
    config[id] = value;
    return;
  }
  config.custom = { ...config.custom, [id.slice('custom.'.length)]: value };
}

/** The panel's defaults with the overrides for this series, in their order. */
function fieldOf(panel: Panel, series: Series, index: number): Field {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  const config: FieldConfig = { ...defaults };
  for (const { matcher, properties } of overrides)
    if (matches(matcher, series)) for (const { id, value } of properties) set(config, id, value);
  return { series, config, custom: config.custom ?? {}, name: config.displayName || series.name, index };
}

export const fieldsOf = (panel: Panel, series: Series[]): Field[] =>
  series.map((one, index) => fieldOf(panel, one, index));

/** The thresholds as values of the panel's unit; in percentage mode they are shares of the way from min to max. */
export function thresholdSteps({ thresholds, min, max }: FieldConfig): { value: number; color: string }[] {
  const steps: ThresholdStep[] = thresholds?.steps ?? [{ value: null, color: 'green' }];
  const low = min ?? 0;
  const high = max ?? 100;
  return steps.map(({ value, color }) => {
    if (value === null) return { value: -Infinity, color };
    return { value: thresholds?.mode === 'percentage' ? low + ((high - low) * value) / 100 : value, color };
  });
}

/** The colour of the highest threshold that a value has reached. */
function thresholdColour(config: FieldConfig, value: number | null, theme: Theme): string {
  if (value === null) return theme.faint;
  const reached = thresholdSteps(config)
    .filter((step) => value >= step.value)
    .at(-1);
  return reached ? colourOf(reached.color, theme) : theme.text;
}

/** A curve's or slice's colour: fixed, by threshold, or by its place in the panel. */
export function curveColour({ config, index }: Field, value: number | null, theme: Theme): string {
  const { mode = 'palette-classic', fixedColor } = config.color ?? {};
  if (mode === 'fixed' && fixedColor) return colourOf(fixedColor, theme);
  if (mode === 'thresholds') return thresholdColour(config, value, theme);
  return paletteColour(index, theme);
}

/** The colour of a single value: by threshold where nothing else is asked for. */
export function valueColour(field: Field, value: number | null, theme: Theme): string {
  return field.config.color?.mode ? curveColour(field, value, theme) : thresholdColour(field.config, value, theme);
}

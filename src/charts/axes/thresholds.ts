import { type Field, thresholdSteps } from '../fields/field.js';
import { formatExactly } from '../fields/units.js';
import { FONT } from '../style/label.js';
import { boldWidth } from '../style/text-width.js';
import { colourOf, type Theme, withOpacity } from '../style/theme.js';
import type { Scale } from './value-ticks.js';

interface Line {
  value: number;
  color: string;
}

const LINES = ['line', 'line+area', 'dashed', 'dashed+area'];
const AREAS = ['area', 'line+area', 'dashed+area'];

export const THRESHOLD_STYLES = ['off', ...LINES, 'area'];

const styleOf = ({ custom }: Field) => custom.thresholdsStyle?.mode ?? 'off';

/** The values at which a field's thresholds are drawn as lines. */
export const thresholdLines = (field: Field): Line[] =>
  LINES.includes(styleOf(field)) ? thresholdSteps(field.config).filter(({ value }) => value !== -Infinity) : [];

const LABEL_SIZE = 11;
const LABEL_GAP = 4;

const textOf = ({ config: { unit, decimals } }: Field, value: number) => formatExactly(value, unit, decimals);

/** The room that the thresholds' values need on the right of the plot, where no curve runs through them. */
export const thresholdLabelsWidth = (fields: Field[]): number =>
  Math.max(
    0,
    ...fields.flatMap((field) =>
      thresholdLines(field).map(({ value }) => boldWidth(textOf(field, value), LABEL_SIZE) + LABEL_GAP),
    ),
  );

function markLine(field: Field, theme: Theme) {
  const type = styleOf(field).startsWith('dashed') ? ('dashed' as const) : ('solid' as const);
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    data: thresholdLines(field).map(({ value, color }) => ({
      yAxis: value,
      lineStyle: { color: colourOf(color, theme), type, width: 1.5 },
      label: {
        position: 'end' as const,
        formatter: textOf(field, value),
        color: colourOf(color, theme),
        fontFamily: FONT,
        fontSize: LABEL_SIZE,
        fontWeight: 600 as const,
        distance: LABEL_GAP,
      },
    })),
  };
}

function markArea(field: Field, scale: Scale, theme: Theme) {
  const steps = thresholdSteps(field.config);
  const within = (value: number) => Math.min(scale.max, Math.max(scale.min, value));
  return {
    silent: true,
    animation: false,
    data: steps.map(({ value, color }, index): [object, object] => {
      const next = steps[index + 1]?.value;
      const itemStyle = { color: withOpacity(colourOf(color, theme), 0.12) };
      return [{ yAxis: within(value), itemStyle }, { yAxis: within(next ?? scale.max) }];
    }),
  };
}

/** A field's thresholds as lines and areas of its series. */
export const thresholdMarks = (field: Field, scale: Scale, theme: Theme) => ({
  ...(thresholdLines(field).length > 0 && { markLine: markLine(field, theme) }),
  ...(AREAS.includes(styleOf(field)) && { markArea: markArea(field, scale, theme) }),
});

import { type Field, thresholdSteps } from './field.js';
import { colourOf, type Theme, withOpacity } from './palette.js';
import { FONT } from './text.js';
import { formatValue } from './units.js';

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
        position: 'insideEndTop' as const,
        formatter: formatValue(value, field.config.unit, field.config.decimals),
        color: colourOf(color, theme),
        fontFamily: FONT,
        fontSize: 11,
        fontWeight: 600 as const,
        padding: [2, 4],
        distance: 3,
        // A curve may run behind it.
        backgroundColor: withOpacity(theme.background, 0.85),
        borderRadius: 2,
      },
    })),
  };
}

function markArea(field: Field, theme: Theme) {
  const steps = thresholdSteps(field.config);
  return {
    silent: true,
    animation: false,
    data: steps.map(({ value, color }, index): [object, object] => {
      const next = steps[index + 1]?.value;
      const itemStyle = { color: withOpacity(colourOf(color, theme), 0.12) };
      return [
        value === -Infinity ? { y: '100%', itemStyle } : { yAxis: value, itemStyle },
        next === undefined ? { y: '0%' } : { yAxis: next },
      ];
    }),
  };
}

/** A field's thresholds as lines and areas of its series. */
export const thresholdMarks = (field: Field, theme: Theme) => ({
  ...(thresholdLines(field).length > 0 && { markLine: markLine(field, theme) }),
  ...(AREAS.includes(styleOf(field)) && { markArea: markArea(field, theme) }),
});

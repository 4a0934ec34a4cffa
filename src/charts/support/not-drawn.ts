/**
 * What of a panel cannot be drawn.
 *
 * In: a panel.
 * Out: the options of it that are not supported.
 * Must not know: data.
 *
 * @module
 */

import type { Override, Panel, Target } from '../dashboard/types.js';
import { DRAWINGS } from '../panels/panel-option.js';
import { unknownFormats } from '../query/variables.js';
import { DRAWN_CUSTOM, DRAWN_FIELD, DRAWN_OPTIONS, type Drawn } from './drawn-options.js';

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The leaves of a JSON object by their path. */
const leaves = (value: unknown, path = ''): [path: string, value: unknown][] =>
  isGroup(value)
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key))
    : [[path, value]];

const said = (path: string, value: unknown) => `${path} ${JSON.stringify(value)}`;

function unknown(value: unknown, drawn: Drawn, prefix: string): string[] {
  return leaves(value ?? {})
    .filter(([path, leaf]) => path !== '' && leaf !== null && leaf !== undefined && !drawn[path]?.(leaf))
    .map(([path, leaf]) => said(`${prefix}${path}`, leaf));
}

const FIELD: Drawn = {
  ...DRAWN_FIELD,
  ...Object.fromEntries(Object.entries(DRAWN_CUSTOM).map(([path, accepts]) => [`custom.${path}`, accepts])),
};

const MATCHERS = ['byName', 'byRegexp', 'byFrameRefID'];

function ofOverride({ matcher, properties }: Override): string[] {
  const matching = MATCHERS.includes(matcher.id) ? [] : [said('overrides.matcher', matcher.id)];
  const found = properties.flatMap(({ id, value }) =>
    leaves(value, id).flatMap(([path, leaf]) => {
      const accepts = FIELD[path];
      return leaf === null || accepts?.(leaf) ? [] : [said(`overrides.${path}`, leaf)];
    }),
  );
  return [...matching, ...found];
}

const FORMATS = ['time_series', 'heatmap', undefined];

function ofTarget({ refId = '', expr = '', format }: Target): string[] {
  const formats = unknownFormats(expr).map((reference) => `query ${refId}: ${reference}`);
  return FORMATS.includes(format) ? formats : [...formats, said(`query ${refId}: format`, format)];
}

function ofPanel({ transformations = [], repeat, timeFrom, timeShift }: Panel): string[] {
  return [
    ...transformations.map(({ id }) => said('transformation', id)),
    ...Object.entries({ repeat, timeFrom, timeShift }).flatMap(([name, value]) => (value ? [said(name, value)] : [])),
  ];
}

/** What of a panel its picture does not show, by its path in the JSON; empty where it shows all. */
export function notDrawn(panel: Panel): string[] {
  if (!Object.hasOwn(DRAWINGS, panel.type)) return [said('panel type', panel.type)];
  const { defaults, overrides = [] } = panel.fieldConfig ?? {};
  return [
    ...ofPanel(panel),
    ...unknown(panel.options, DRAWN_OPTIONS[panel.type] ?? {}, 'options.'),
    ...unknown(defaults, FIELD, ''),
    ...overrides.flatMap(ofOverride),
    ...(panel.targets ?? []).flatMap(ofTarget),
  ];
}

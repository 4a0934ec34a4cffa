import type { Dashboard, QueryScope, Variable } from '../dashboard/types.js';

const ALL = '$__all';

// A backslash that reaches the regular expression through a PromQL string has to be written twice.
const escapeText = (value: string) => value.replace(/\\/g, '\\\\').replace(/'/g, "\\\\'");
const escapeRegex = (value: string) =>
  value
    .replace(/\\/g, '\\\\\\\\')
    .replace(/[$^*{}[\]'+?.()|]/g, (character) => `\\\\${character}`)
    // Grafana leaves this one, which ends the string. As a code it is right within either kind of quotes.
    .replaceAll('"', '\\x22');

/** How a list of values is written, by the format after the colon of `${name:format}`. */
const FORMATS: Record<string, (values: string[]) => string> = {
  csv: (values) => values.join(','),
  pipe: (values) => values.join('|'),
  raw: (values) => (values.length === 1 ? (values[0] ?? '') : `{${values.join(',')}}`),
  regex: (values) => alternatives(values.map((value) => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&'))),
};

const alternatives = (values: string[]) => (values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`);

function written(value: string | string[], format: string | undefined): string {
  if (format && Object.hasOwn(FORMATS, format)) return FORMATS[format]?.([value].flat()) ?? '';
  return typeof value === 'string' ? value : alternatives(value.map(escapeRegex));
}

const REFERENCE = /\$(\w+)|\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g;

/** Fills in `$name`, `${name}`, `${name:format}` and `[[name]]`; what is not known stays as it is. */
export function fillIn(text: string, variables: Record<string, string | string[]>): string {
  return text.replace(REFERENCE, (whole, plain, braced, bracedFormat, bracketed, bracketedFormat) => {
    const name = plain ?? braced ?? bracketed;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value === undefined ? whole : written(value, bracedFormat ?? bracketedFormat);
  });
}

/** References such as `${name:format}` whose format is not one of those above. */
export const unknownFormats = (text: string): string[] =>
  [...text.matchAll(REFERENCE)]
    .filter(([, , , braced, , bracketed]) => !Object.hasOwn(FORMATS, braced ?? bracketed ?? 'raw'))
    .map(([reference]) => reference);

function resolve(variable: Variable, chosen: string | string[], known: string[] | undefined): string | string[] {
  const values = [chosen].flat();
  if (values.includes(ALL)) return variable.allValue || (known?.length ? known : '.*');
  if (!variable.multi && !variable.includeAll) return escapeText(values[0] ?? '');
  return values.length > 0 ? values : '';
}

/**
 * The dashboard's variables for a `QueryScope`.
 * @param chosen values by the variable's name; `$__all` for all. Default: what the dashboard was saved with
 * @param known all values by the variable's name, for an "All" that has no value of its own
 */
export function resolveVariables(
  dashboard: Dashboard,
  chosen: Record<string, string | string[]> = {},
  known: Record<string, string[]> = {},
): QueryScope['variables'] {
  const list = dashboard.templating?.list ?? [];
  return Object.fromEntries(
    list.map((variable) => {
      const value = chosen[variable.name] ?? variable.current?.value ?? (variable.includeAll ? ALL : '');
      return [variable.name, resolve(variable, value, known[variable.name])];
    }),
  );
}

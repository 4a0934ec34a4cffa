import type { Variable } from '../../charts/index.js';

export const ALL = '$__all';

/** Where the values of a variable come from. */
export type ValueSource = { label: string; match: string | undefined } | { values: string[] };

/** Splits `a\,b,c` as Grafana does: a comma behind a backslash parts nothing. */
const splitList = (text: string): string[] =>
  (text.match(/(?:\\,|[^,])+/g) ?? []).map((part) => part.trim().replaceAll('\\,', ','));

/** `label_values(metric, label)`, `label_values(label)` or a list of values; undefined for what is not understood. */
export function valueSource({ type, query }: Variable): ValueSource | undefined {
  const text = typeof query === 'string' ? query : (query?.query ?? '');
  if (type === 'custom') return { values: splitList(text) };
  if (type === 'constant') return { values: [text] };
  if (type !== 'query') return undefined;
  const [, match, label] = /^\s*label_values\(\s*(?:(.+?)\s*,\s*)?([A-Za-z_]\w*)\s*\)\s*$/s.exec(text) ?? [];
  return label ? { label, match } : undefined;
}

/** What the dashboard was saved with. */
export function defaultValues({ current, includeAll }: Variable): string[] {
  const values = [current?.value ?? []].flat().filter((value) => value !== '');
  return values.length > 0 || !includeAll ? values : [ALL];
}

/** What a variable's button says. */
export const describeChoice = (values: string[]): string =>
  values.includes(ALL) ? 'All' : values.length === 0 ? 'None' : values.join(' + ');

/** The choice after a click on one of a multi-variable's values: All stands alone, and nothing at all is All. */
export function toggleValue(chosen: string[], value: string): string[] {
  if (value === ALL) return [ALL];
  const others = chosen.filter((one) => one !== ALL && one !== value);
  const next = chosen.includes(value) ? others : [...others, value];
  return next.length === 0 ? [ALL] : next;
}

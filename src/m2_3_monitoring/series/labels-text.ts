import type { Labels } from './series-table.js';
import { escapeValue } from './text-style.js';

const pair = (name: string, value: string | number | undefined): string =>
  `${name}="${typeof value === 'string' ? escapeValue(value) : value}"`;

/** Labels as they stand between braces; `defaults` are those of the registry, which give way to a metric's own. */
export function labelsText(labels: Labels, defaults: Labels): string {
  let text = '';
  for (const name in labels) text += `${text && ','}${pair(name, labels[name])}`;
  for (const name in defaults) if (!(name in labels)) text += `${text && ','}${pair(name, defaults[name])}`;
  return text;
}

/** The same for a histogram, where the registry's own come first. */
export function sharedLabelsText(labels: Labels, defaults: Labels): string {
  let text = '';
  for (const name in defaults) if (!(name in labels)) text += `${text && ','}${pair(name, defaults[name])}`;
  for (const name in labels) text += `${text && ','}${pair(name, labels[name])}`;
  return text;
}

import type { Labels } from './series-table.js';
import { escapeValue } from './text-style.js';

/** Adds labels to the pieces of a text, but for those that `hidden` has too. */
function addPairs(pieces: string[], labels: Labels, hidden?: Labels): void {
  for (const name in labels) {
    if (hidden !== undefined && name in hidden) continue;
    const value = labels[name];
    pieces.push(
      pieces.length > 0 ? '",' : '',
      name,
      '="',
      typeof value === 'string' ? escapeValue(value) : String(value),
    );
  }
}

/** Joined, the pieces are one flat text, which a histogram repeats in each of its lines; a text made with `+` would be copied piece by piece each time. */
function joined(pieces: string[]): string {
  if (pieces.length > 0) pieces.push('"');
  return pieces.join('');
}

/** Labels as they stand between braces; `defaults` are those of the registry, which give way to a metric's own. */
export function labelsText(labels: Labels, defaults: Labels): string {
  const pieces: string[] = [];
  addPairs(pieces, labels);
  addPairs(pieces, defaults, labels);
  return joined(pieces);
}

/** The same for a histogram, where the registry's own come first. */
export function sharedLabelsText(labels: Labels, defaults: Labels): string {
  const pieces: string[] = [];
  addPairs(pieces, defaults, labels);
  addPairs(pieces, labels);
  return joined(pieces);
}

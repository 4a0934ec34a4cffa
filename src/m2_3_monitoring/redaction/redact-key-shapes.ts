import { type KeyShape, keyShapes } from './key-shapes.js';

/** A key begins where no other word does: after a character that is no letter or digit, or after a line end or `%20` of a quoted text. */
const BEFORE = '^|\\\\[nrt]|%[0-9A-Fa-f]{2}|[^A-Za-z0-9]';

const alternatives = ({ starts }: KeyShape): string => starts.split(/\s+/).join('|');

/** Where a key may begin. */
const anyStart = new RegExp(`(${BEFORE})(?:${keyShapes.map(alternatives).join('|')})`, 'g');

const hasMixedCharacters = (text: string): boolean => /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);

const shapes = keyShapes.map((shape) => ({
  ...shape,
  pattern: new RegExp(`(?:${alternatives(shape)})(${shape.characters}+)`, 'y'),
}));

/** The length of the key that begins at a place; 0 where none does. */
function keyLength(text: string, start: number): number {
  for (const { pattern, atLeast, isMixed } of shapes) {
    pattern.lastIndex = start;
    const [whole = '', rest = ''] = pattern.exec(text) ?? [];
    if (rest.length >= atLeast && (!isMixed || hasMixedCharacters(rest))) return whole.length;
  }
  return 0;
}

/** A text in which the keys of `key-shapes.ts` are replaced. */
export function redactKeyShapes(text: string, censored: string): string {
  let result = '';
  let end = 0;
  anyStart.lastIndex = 0;
  for (let found = anyStart.exec(text); found; found = anyStart.exec(text)) {
    const start = found.index + (found[1]?.length ?? 0);
    const length = keyLength(text, start);
    // The next one may begin inside what only began like a key.
    anyStart.lastIndex = start + Math.max(length, 1);
    if (length === 0) continue;
    result += text.slice(end, start) + censored;
    end = start + length;
  }
  return end === 0 ? text : result + text.slice(end);
}

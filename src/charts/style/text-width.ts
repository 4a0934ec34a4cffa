// There is no canvas to measure with in Node; these are the widths of a common sans-serif font, in parts of its size.
const NARROW = /[ijlft.,:;'|!()[\]{}I ]/;
const WIDE = /[mwMW%@—…]/;
const CAPITAL = /[A-Z&_]/;

const characterWidth = (character: string) => {
  if (NARROW.test(character)) return 0.36;
  if (WIDE.test(character)) return 0.95;
  if (CAPITAL.test(character)) return 0.72;
  return (character.codePointAt(0) ?? 0) > 0x2e80 ? 1 : 0.62;
};

/** About how many pixels a text takes; rather too many than too few. */
export const textWidth = (text: string, fontSize: number): number =>
  Math.ceil([...text].reduce((sum, character) => sum + characterWidth(character), 0) * fontSize);

/** The same for a bold text. */
export const boldWidth = (text: string, fontSize: number): number => textWidth(text, fontSize * 1.1);

/** A text that fits: its end, where it is too long, becomes an ellipsis. */
export function shorten(text: string, widthPixels: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= widthPixels) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, fontSize) > widthPixels) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

import type { Theme } from './theme.js';

/** No quotes in it: the name goes into an attribute of the SVG. */
export const FONT = 'Inter, Helvetica Neue, Helvetica, Arial, sans-serif';
export const FONT_SIZE = 12;

interface LabelStyle {
  x: number;
  y: number;
  fill: string;
  align?: 'left' | 'center' | 'right';
  verticalAlign?: 'top' | 'middle' | 'bottom';
  fontSize?: number;
  fontWeight?: number;
}

/** A text at a place of the picture. */
export const label = (text: string, { x, y, ...style }: LabelStyle) => ({
  type: 'text' as const,
  silent: true,
  x,
  y,
  style: { text, fontFamily: FONT, fontSize: FONT_SIZE, ...style },
});

/** What stands in place of a drawing. */
export const message = (text: string, widthPixels: number, heightPixels: number, theme: Theme) =>
  label(text, {
    x: widthPixels / 2,
    y: heightPixels / 2,
    align: 'center',
    verticalAlign: 'middle',
    fontSize: 16,
    fill: theme.faint,
  });

export const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? '',
  );

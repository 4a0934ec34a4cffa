/**
 * How pictures look.
 *
 * In: theme, text.
 * Out: colours, sizes, widths of texts.
 * Must not know: data.
 *
 * @module
 */

import type { ThemeName } from '../dashboard/types.js';

/** What a picture is drawn with. */
export interface Theme {
  background: string;
  text: string;
  /** Axis labels, legend headings. */
  faint: string;
  grid: string;
  /** The unfilled part of a gauge. */
  empty: string;
  border: string;
  palette: string[];
  named: Record<string, string>;
}

// Told apart by people with the common forms of colour blindness too: neighbours differ in lightness, not in hue alone.
const LIGHT_PALETTE = ['#2f9a76', '#c08700', '#0d4fa8', '#9a2a20', '#8b3df0', '#0a9bbd', '#8f7743', '#8a1a5c'];
const DARK_PALETTE = ['#8ff0b4', '#ffbd29', '#5b8ecb', '#e0654b', '#a864fc', '#86e6f7', '#bd7d1c', '#dc86a0'];

const LIGHT: Theme = {
  background: '#ffffff',
  text: '#24292e',
  faint: '#5c6470',
  grid: '#e7e9ec',
  empty: '#e7e9ec',
  border: '#d9dce0',
  palette: LIGHT_PALETTE,
  named: { green: '#1a7f4b', red: '#c4232f', orange: '#c25700', yellow: '#9a6f00', blue: '#2467c9', purple: '#8a4fc4' },
};

const DARK: Theme = {
  background: '#181b1f',
  text: '#dadce0',
  faint: '#9fa4ab',
  grid: '#2b2f36',
  empty: '#2f343b',
  border: '#30343a',
  palette: DARK_PALETTE,
  named: { green: '#5cc283', red: '#f2616b', orange: '#ff9a4d', yellow: '#f2cc3d', blue: '#5b9bf5', purple: '#b98af0' },
};

export const themeOf = (name: ThemeName): Theme => (name === 'dark' ? DARK : LIGHT);

// Grafana's other names, such as `semi-dark-red`, are shades of the same colours.
const SHADE = /^(super-light|light|semi-dark|dark)-/;
const LITERAL = /^(#[0-9a-f]{3,8}|rgba?\([\d\s.,%]+\))$/i;

export const isColour = (name: string): boolean =>
  name === 'text' || name === 'transparent' || LITERAL.test(name) || name.replace(SHADE, '') in LIGHT.named;

/** A colour's name in the dashboard as one that can be seen on the theme's background. */
export function colourOf(name: string, theme: Theme): string {
  if (name === 'text') return theme.text;
  if (name === 'transparent' || LITERAL.test(name)) return name;
  return theme.named[name.replace(SHADE, '')] ?? theme.text;
}

/** A curve's colour by its place in the panel. */
export const paletteColour = (index: number, { palette }: Theme): string => palette[index % palette.length] as string;

/** A `#rrggbb` colour that lets the background through; others are left as they are. */
export function withOpacity(colour: string, opacity: number): string {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return colour;
  const alpha = Math.round(Math.min(1, Math.max(0, opacity)) * 255);
  return `${colour}${alpha.toString(16).padStart(2, '0')}`;
}

/** Relative luminance, as the Web Content Accessibility Guidelines define it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** How well one colour (`#rrggbb`) is read on another: from 1 (not at all) to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour of text on an area of some colour. */
export const textOn = (colour: string, { background, text }: Theme): string =>
  contrast(background, colour) >= contrast(text, colour) ? background : text;

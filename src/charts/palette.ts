import type { ThemeName } from './types.js';

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
const LIGHT_PALETTE = [
  '#0b7f5c',
  '#c77800',
  '#2467c9',
  '#c2352b',
  '#8a4fc4',
  '#1793ad',
  '#8c6a1f',
  '#cf4d8f',
  '#56616f',
  '#6b8e00',
];
const DARK_PALETTE = [
  '#5fcf9a',
  '#f5b942',
  '#5b9bf5',
  '#ef6a53',
  '#b98af0',
  '#4fd0e3',
  '#c9a873',
  '#f08fc0',
  '#a3adba',
  '#b7d84b',
];

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

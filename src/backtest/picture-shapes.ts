export const FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";
export const INK = '#24292e';
export const FAINT = '#5c6470';
export const GRID = '#e7e9ec';
/** One for each variant. They differ in lightness too, for readers who do not tell the hues apart. */
export const COLOURS = ['#d9730d', '#0d4fa8', '#2f9a76'];

/** Where things are, in pixels. */
export const LAYOUT = {
  width: 960,
  left: 56,
  right: 936,
  plotTop: 96,
  plotBottom: 316,
  bandTop: 390,
  bandHeight: 18,
  bandPitch: 50,
};

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeText = (content: string): string => content.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);

interface TextStyle {
  size?: number;
  fill?: string;
  weight?: number;
  anchor?: 'start' | 'middle' | 'end';
  /** Readable where a curve runs through it. Default: false. */
  halo?: boolean;
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 12, fill = FAINT, weight = 400, anchor = 'start', halo = false } = style;
  const around = halo ? ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' : '';
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${fill}"${around}>${escapeText(content)}</text>`;
}

export const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, more = ''): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${stroke}"${more}/>`;

export const rectangle = (x: number, y: number, width: number, height: number, fill: string, inside = ''): string =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="${fill}">${inside}</rect>`;

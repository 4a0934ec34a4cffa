export interface Tile {
  x: number;
  y: number;
  width: number;
  height: number;
}

const GAP = 8;

/** Cuts a rectangle into equal tiles whose shape is near to `aspect` (width / height), and leaves few places empty. */
export function tiles(count: number, widthPixels: number, heightPixels: number, aspect: number): Tile[] {
  const shape = (columns: number) => {
    const rows = Math.ceil(count / columns);
    const width = (widthPixels - GAP * (columns - 1)) / columns;
    const height = (heightPixels - GAP * (rows - 1)) / rows;
    const empty = (columns * rows - count) / count;
    return { columns, width, height, misfit: Math.abs(Math.log(width / height / aspect)) + empty };
  };
  const shapes = Array.from({ length: count }, (_, index) => shape(index + 1));
  const best = shapes.reduce((one, other) => (other.misfit < one.misfit ? other : one), shape(1));
  return Array.from({ length: count }, (_, index) => ({
    x: (index % best.columns) * (best.width + GAP),
    y: Math.floor(index / best.columns) * (best.height + GAP),
    width: best.width,
    height: best.height,
  }));
}

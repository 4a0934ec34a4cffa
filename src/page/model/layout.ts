import type { GridPosition, Panel } from '../../charts/index.js';

/** A row of Grafana's dashboard: a heading, with its panels in it while it is collapsed. */
type PanelOrRow = Panel & { panels?: Panel[] };

/** A panel with an id and a place, as the page needs it. */
export type PlacedPanel = Panel & { id: number; gridPos: GridPosition };

const ROW_HEIGHT = 1;
const ANYWHERE: GridPosition = { x: 0, y: 0, w: 24, h: 8 };

const moved = (panel: Panel, rows: number): Panel => {
  const place = panel.gridPos ?? ANYWHERE;
  return { ...panel, gridPos: { ...place, y: place.y + rows } };
};

const bottom = ({ gridPos }: Panel) => (gridPos ?? ANYWHERE).y + (gridPos ?? ANYWHERE).h;
const top = ({ gridPos }: Panel) => (gridPos ?? ANYWHERE).y;

/** The panels of a dashboard from top to bottom. Collapsed rows are opened, and what is below them moves down. */
export function placePanels(panels: PanelOrRow[]): PlacedPanel[] {
  let shift = 0;
  const placed = [...panels]
    .sort((a, b) => top(a) - top(b) || (a.gridPos?.x ?? 0) - (b.gridPos?.x ?? 0))
    .flatMap((panel): Panel[] => {
      const inner = panel.type === 'row' ? (panel.panels ?? []) : [];
      const own = moved(panel, shift);
      if (inner.length === 0) return [own];
      const down = top(own) + ROW_HEIGHT - Math.min(...inner.map(top));
      const opened = inner.map((one) => moved(one, down));
      shift += Math.max(...opened.map(bottom)) - bottom(own);
      return [own, ...opened];
    });
  const taken = new Set(placed.map(({ id }) => id));
  let next = 1;
  const freshId = () => {
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  };
  return placed.map((panel) => ({ ...panel, id: panel.id ?? freshId(), gridPos: panel.gridPos ?? ANYWHERE }));
}

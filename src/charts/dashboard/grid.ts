import type { Dashboard, Panel, View } from './types.js';

// Grafana's grid, in pixels where they are fixed.
export const COLUMNS = 24;
export const GAP = 8;
const ROW = 30;

/** The panels of a dashboard that draw something; what is folded into a row is unfolded. */
export const drawnPanels = ({ panels = [] }: Dashboard): Panel[] =>
  panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));

/** Size of a panel in Grafana's grid of 24 columns, where the whole dashboard is so wide. */
export function panelSize({ gridPos }: Panel, dashboardPixels: number): Pick<View, 'widthPixels' | 'heightPixels'> {
  const { w, h } = gridPos ?? { w: 12, h: 8 };
  const column = (dashboardPixels - (COLUMNS - 1) * GAP) / COLUMNS;
  return { widthPixels: Math.floor(w * column + (w - 1) * GAP), heightPixels: h * ROW + (h - 1) * GAP };
}

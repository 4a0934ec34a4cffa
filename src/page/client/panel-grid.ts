import { type PlacedPanel, placePanels } from '../model/layout.js';
import { h } from './dom.js';
import type { PageDashboard } from './page-dashboard.js';
import { createPanelView, type PanelContext, type PanelView } from './panel-view.js';

/** The panels of the page in Grafana's grid. */
export interface PanelGrid {
  element: HTMLElement;
  panels: PanelView[];
  /** Lets one panel fill the page, or none. */
  view(id: number | undefined): void;
}

function rowHeading({ title = '', gridPos }: PlacedPanel): HTMLElement {
  const heading = h('h2', { class: 'row-heading' }, title);
  heading.style.setProperty('--row', `${gridPos.y + 1} / span 1`);
  return heading;
}

export function panelGrid({ panels: list = [] }: PageDashboard, context: PanelContext): PanelGrid {
  const panels: PanelView[] = [];
  const element = h('main', { class: 'grid' });
  for (const panel of placePanels(list)) {
    if (panel.type === 'row') {
      element.append(rowHeading(panel));
      continue;
    }
    const view = createPanelView(panel, context);
    panels.push(view);
    element.append(view.element);
  }
  return {
    element,
    panels,
    view(id) {
      const viewed = panels.find(({ panel }) => panel.id === id);
      element.classList.toggle('viewing', viewed !== undefined);
      for (const panel of panels) panel.element.classList.toggle('viewed', panel === viewed);
    },
  };
}

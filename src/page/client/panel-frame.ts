import type { Panel } from '../../charts/index.js';
import { h, iconButton, svg } from './dom.js';
import { ICONS } from './icons.js';
import { withPopup } from './popup.js';

/** The elements of a panel that change. */
export interface PanelFrame {
  element: HTMLElement;
  /** What is drawn on lies in `chart`, which has its text. */
  canvas: HTMLElement;
  chart: HTMLElement;
  legend: HTMLElement;
  body: HTMLElement;
  message: HTMLElement;
  note: HTMLElement;
  alerts: HTMLElement;
  spoken: HTMLElement;
}

export interface MenuEntry {
  label(): string;
  run(): void;
  isEnabled(): boolean;
}

function hint(description: string, id: string): HTMLElement {
  const text = h('span', { role: 'tooltip', id: `${id}-hint`, class: 'hint-text' }, description);
  const button = h(
    'button',
    { type: 'button', class: 'icon-button small', 'aria-label': 'Description', 'aria-describedby': text.id },
    svg(ICONS.info),
  );
  return h('span', { class: 'hint-holder' }, button, text);
}

function menu(title: string, entries: MenuEntry[]): DocumentFragment {
  const button = iconButton(`Menu of ${title}`, ICONS.menu, undefined, { class: 'icon-button small menu-button' });
  return withPopup(button, `Menu of ${title}`, (popup) =>
    entries.map((entry) => {
      const click = () => {
        popup.hidePopover();
        entry.run();
      };
      return h('button', { type: 'button', class: 'choice', disabled: !entry.isEnabled(), click }, entry.label());
    }),
  );
}

/** The frame of a panel: title, description, alerts and menu above the place for its drawing. */
export function panelFrame(panel: Panel, entries: MenuEntry[]): PanelFrame {
  const id = `panel-${panel.id}`;
  const title = panel.title ?? '';
  const frame = {
    canvas: h('div', { class: 'canvas' }),
    chart: h('div', { class: 'chart', role: 'img', tabindex: 0 }),
    legend: h('div', { class: 'legend' }),
    message: h('p', { class: 'message' }),
    note: h('p', { class: 'note' }),
    alerts: h('span', { class: 'alerts' }),
    spoken: h('p', { class: 'only-spoken', 'aria-live': 'polite' }),
  };
  frame.chart.append(frame.canvas);
  const header = h(
    'header',
    {},
    h('h2', { id: `${id}-title`, title }, title),
    panel.description ? hint(panel.description, id) : undefined,
    h('span', { class: 'space' }),
    frame.alerts,
    menu(title, entries),
  );
  const body = h('div', { class: 'panel-body' }, frame.chart, frame.legend);
  const element = h(
    'section',
    { class: 'panel', id, 'data-state': 'loading', 'aria-labelledby': `${id}-title` },
    h('div', { class: 'progress', 'aria-hidden': 'true' }),
    header,
    body,
    frame.message,
    frame.note,
    frame.spoken,
  );
  const { x = 0, y = 0, w = 12, h: height = 8 } = panel.gridPos ?? {};
  element.style.setProperty('--column', `${x + 1} / span ${w}`);
  element.style.setProperty('--row', `${y + 1} / span ${height}`);
  element.style.setProperty('--rows', String(height));
  element.dataset.legend = panel.options?.legend?.placement ?? 'bottom';
  return { ...frame, element, body };
}

import type { Dashboard } from '../../charts/index.js';
import { formatRefresh, REFRESH_SECONDS } from '../model/page-state.js';
import { formatMoment } from '../model/time-range.js';
import { h, iconButton } from './dom.js';
import { ICONS } from './icons.js';
import type { Store } from './store.js';
import { themeButton } from './theme.js';
import { timePicker } from './time-picker.js';

export interface PageActions {
  refresh(): void;
  zoomOut(): void;
  showShortcuts(): void;
}

/** The parts of the page above its panels. */
export interface PageHeader {
  element: HTMLElement;
  alerts: HTMLElement;
  /** Says when the data is from. */
  showUpdated(ms: number): void;
}

function refreshChoice(store: Store): HTMLSelectElement {
  const change = () => store.set({ refreshSeconds: Number(select.value) });
  const select = h('select', { 'aria-label': 'Refresh every', title: 'Refresh every', change });
  const update = () => {
    const { refreshSeconds } = store.get();
    const choices = [...new Set([...REFRESH_SECONDS, refreshSeconds])].sort((a, b) => a - b);
    select.replaceChildren(
      ...choices.map((seconds) =>
        h(
          'option',
          { value: seconds, selected: seconds === refreshSeconds },
          seconds === 0 ? 'Off' : formatRefresh(seconds),
        ),
      ),
    );
  };
  update();
  store.onChange((now, before) => {
    if (now.refreshSeconds !== before.refreshSeconds) update();
  });
  return select;
}

export function pageHeader(
  dashboard: Dashboard,
  store: Store,
  variables: HTMLElement,
  actions: PageActions,
): PageHeader {
  const updated = h('span', { class: 'updated' });
  const alerts = h('span', { class: 'alerts' });
  const controls = h(
    'div',
    { class: 'controls' },
    timePicker(store),
    iconButton('Zoom out', ICONS.zoomOut, actions.zoomOut),
    h('span', { class: 'joined' }, iconButton('Refresh', ICONS.refresh, actions.refresh), refreshChoice(store)),
    themeButton(store),
    iconButton('Shortcuts', ICONS.help, actions.showShortcuts),
  );
  const title = h('h1', { title: dashboard.description }, dashboard.title ?? 'Dashboard');
  const element = h(
    'header',
    { class: 'page-header' },
    h('div', { class: 'bar' }, title, controls),
    h('div', { class: 'bar second' }, variables, h('span', { class: 'space' }), alerts, updated),
  );
  return {
    element,
    alerts,
    showUpdated: (ms) => {
      updated.textContent = `Updated ${formatMoment(ms).slice(11)}`;
    },
  };
}

import type { ActiveAlert } from '../model/alerts.js';
import { formatMoment } from '../model/time-range.js';
import { h, svg } from './dom.js';
import { ICONS } from './icons.js';
import { withPopup } from './popup.js';

/** An alert, with what Alertmanager does about it. */
export interface ShownAlert extends ActiveAlert {
  muted: 'silenced' | 'inhibited' | undefined;
}

const stateText = ({ state, severity, muted }: ShownAlert) =>
  [state, severity, muted].filter((part) => part !== undefined).join(', ');

function details(alert: ShownAlert): HTMLElement {
  return h(
    'article',
    { class: `alert ${alert.state}` },
    h('h3', {}, alert.name),
    h('p', { class: 'state' }, stateText(alert)),
    h('p', {}, alert.summary),
    alert.description !== '' && h('p', {}, alert.description),
    h('p', { class: 'hint' }, `since ${formatMoment(alert.sinceMs)}`),
  );
}

/** "2 firing, 1 pending" */
export function countText(alerts: ShownAlert[]): string {
  const count = (state: string) => alerts.filter((alert) => alert.state === state).length;
  const parts = ['firing', 'pending'].map((state) => [count(state), state] as const).filter(([number]) => number > 0);
  return parts.map(([number, state]) => `${number} ${state}`).join(', ');
}

const worst = (alerts: ShownAlert[]) => (alerts.some(({ state }) => state === 'firing') ? 'firing' : 'pending');

function badge(alerts: ShownAlert[], text: string): DocumentFragment {
  const names = [...new Set(alerts.map(({ name }) => name))].join(', ');
  const label = `Alerts: ${countText(alerts)}: ${names}`;
  const attributes = { type: 'button', class: `badge ${worst(alerts)}`, 'aria-label': label, title: names };
  return withPopup(h('button', attributes, svg(ICONS.alert), text), 'Alerts', () => alerts.map(details));
}

/** Shows a badge that tells the state of alerts in colour and words, and opens to say which they are. */
export function drawAlerts(element: HTMLElement, alerts: ShownAlert[], text: string): void {
  const key = JSON.stringify([text, alerts.map(({ metrics: _, ...alert }) => alert)]);
  // One that is open is being read.
  if (element.dataset.key === key || element.querySelector(':popover-open')) return;
  element.dataset.key = key;
  element.replaceChildren(alerts.length > 0 ? badge(alerts, text) : h('span', { class: 'badge' }, text));
}

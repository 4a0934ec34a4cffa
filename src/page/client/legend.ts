import type { LegendItem, Panel } from '../../charts/index.js';
import { h } from './dom.js';

/** The names of the series that are not drawn after a click: it toggles one, or with `alone` leaves only that one. */
export function toggled(hidden: ReadonlySet<string>, names: string[], name: string, alone: boolean): Set<string> {
  const others = names.filter((one) => one !== name);
  if (!alone) {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    return next;
  }
  const isAlone = !hidden.has(name) && others.every((one) => hidden.has(one));
  return new Set(isAlone ? [] : others);
}

function itemButton({ name, colour }: LegendItem, isShown: boolean, toggle: (alone: boolean) => void): HTMLButtonElement {
  const mark = h('span', { class: 'swatch' });
  mark.style.backgroundColor = colour;
  const click = (event: MouseEvent) => toggle(event.ctrlKey || event.metaKey || event.shiftKey);
  return h(
    'button',
    { type: 'button', 'aria-pressed': String(isShown), title: name, click },
    mark,
    h('span', { class: 'name' }, name),
  );
}

/** Draws the legend of a panel: a table where the panel asks for one, else a list. */
export function drawLegend(
  element: HTMLElement,
  panel: Panel,
  items: LegendItem[],
  hidden: ReadonlySet<string>,
  onChange: (hidden: Set<string>) => void,
): void {
  const focused = element.contains(document.activeElement) ? document.activeElement?.getAttribute('title') : undefined;
  const names = items.map(({ name }) => name);
  const button = (item: LegendItem) =>
    itemButton(item, !hidden.has(item.name), (alone) => onChange(toggled(hidden, names, item.name, alone)));
  const titles = (items[0]?.cells ?? []).map(({ title }) => title);
  const head = h('tr', {}, h('th', { scope: 'col' }, 'Name'), ...titles.map((title) => h('th', { scope: 'col', class: 'number' }, title)));
  const rows = items.map((item) =>
    h(
      'tr',
      { class: hidden.has(item.name) && 'hidden-series' },
      h('td', {}, button(item)),
      ...item.cells.map(({ text }) => h('td', { class: 'number' }, text)),
    ),
  );
  const isTable = panel.options?.legend?.displayMode === 'table';
  const list = () =>
    h('ul', {}, ...items.map((item) => h('li', { class: hidden.has(item.name) && 'hidden-series' }, button(item), ...item.cells.map(({ title, text }) => h('span', { class: 'number' }, `${title}: ${text}`)))));
  const table = () => h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows));
  element.replaceChildren(...(items.length === 0 ? [] : [isTable ? table() : list()]));
  if (focused) [...element.querySelectorAll('button')].find(({ title }) => title === focused)?.focus();
}

import type { LegendEntry, PanelLegend } from '../../charts/index.js';
import { h } from './dom.js';

/** The names that are not drawn after a click: it toggles one, or with `alone` leaves only that one. */
function toggled(hidden: ReadonlySet<string>, names: string[], name: string, alone: boolean): Set<string> {
  const others = names.filter((one) => one !== name);
  if (!alone) {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    return next;
  }
  const isAlone = !hidden.has(name) && others.every((one) => hidden.has(one));
  return new Set(isAlone ? [] : others);
}

function entryButton({ name, colour }: LegendEntry, isShown: boolean, toggle: (alone: boolean) => void) {
  const swatch = h('span', { class: 'swatch' });
  swatch.style.backgroundColor = colour;
  const click = (event: MouseEvent) => toggle(event.ctrlKey || event.metaKey || event.shiftKey);
  const attributes = { type: 'button', 'aria-pressed': String(isShown), title: name, click };
  return h('button', attributes, swatch, h('span', { class: 'name' }, name));
}

type Cells = (entry: LegendEntry) => { attributes: { class?: string }; button: HTMLElement; cells: string[] };

function table({ columns, entries }: PanelLegend, cellsOf: Cells): HTMLElement {
  const headings = columns.map((column) => h('th', { scope: 'col', class: 'number' }, column));
  const rows = entries.map((entry) => {
    const { attributes, button, cells } = cellsOf(entry);
    return h('tr', attributes, h('td', {}, button), ...cells.map((cell) => h('td', { class: 'number' }, cell)));
  });
  const head = columns.length > 0 && h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Name'), ...headings));
  return h('table', {}, head, h('tbody', {}, ...rows));
}

function list({ columns, entries }: PanelLegend, cellsOf: Cells): HTMLElement {
  const items = entries.map((entry) => {
    const { attributes, button, cells } = cellsOf(entry);
    const texts = cells.map((cell, index) => h('span', { class: 'number' }, `${columns[index]}: ${cell}`));
    return h('li', attributes, button, ...texts);
  });
  return h('ul', {}, ...items);
}

/** Writes the legend of a panel, and keeps the focus in it. */
export function drawLegend(
  element: HTMLElement,
  legend: PanelLegend,
  hidden: ReadonlySet<string>,
  onChange: (hidden: Set<string>) => void,
): void {
  const focused = element.contains(document.activeElement) ? document.activeElement?.getAttribute('title') : undefined;
  const names = legend.entries.map(({ name }) => name);
  const cellsOf: Cells = (entry) => {
    const isShown = !hidden.has(entry.name);
    const button = entryButton(entry, isShown, (alone) => onChange(toggled(hidden, names, entry.name, alone)));
    return { attributes: isShown ? {} : { class: 'hidden-series' }, button, cells: entry.cells };
  };
  element.replaceChildren((legend.isTable ? table : list)(legend, cellsOf));
  if (focused) [...element.querySelectorAll('button')].find(({ title }) => title === focused)?.focus();
}

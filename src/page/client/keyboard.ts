import { showDialog } from './dialog.js';
import { h } from './dom.js';

export interface Shortcut {
  /** One key, or two that are pressed one after the other. */
  keys: string[];
  does: string;
  run(): void;
}

const SEQUENCE_MS = 1500;
const KEY_NAMES: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc' };

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=radio]), textarea, select');

/** Listens for shortcuts wherever nobody is typing and no dialog or popup is open. */
export function listenForShortcuts(shortcuts: Shortcut[]): void {
  let first: { key: string; atMs: number } | undefined;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || event.defaultPrevented) return;
    if (document.querySelector('dialog[open], [popover]:popover-open')) return;
    const before = first && Date.now() - first.atMs < SEQUENCE_MS ? first.key : undefined;
    const matches = ({ keys }: Shortcut, pressed: (string | undefined)[]) => keys.join(' ') === pressed.join(' ');
    const shortcut =
      shortcuts.find((one) => matches(one, [before, event.key])) ?? shortcuts.find((one) => matches(one, [event.key]));
    first = shortcut ? undefined : { key: event.key, atMs: Date.now() };
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  });
}

export function showShortcuts(shortcuts: Shortcut[]): void {
  const rows = shortcuts.map(({ keys, does }) =>
    h('tr', {}, h('td', {}, ...keys.map((key) => h('kbd', {}, KEY_NAMES[key] ?? key))), h('td', {}, does)),
  );
  const mouse = [
    ['Drag in a graph', 'zoom into that time'],
    ['Click in a legend', 'hide or show a series'],
    ['Ctrl-click in a legend', 'show that series alone, or all again'],
  ].map(([what = '', does = '']) => h('tr', {}, h('td', {}, what), h('td', {}, does)));
  showDialog('Shortcuts', h('table', { class: 'shortcuts' }, h('tbody', {}, ...rows, ...mouse)));
}

import { type RawRange, shiftRange, zoomOut } from '../model/time-range.js';
import { type Shortcut, showShortcuts } from './keyboard.js';
import type { Store } from './store.js';

/** The panel with the focus, else the one under the pointer. */
function pointedPanel(): number | undefined {
  const panel = document.activeElement?.closest('.panel') ?? document.querySelector('.panel:hover');
  return panel ? Number(panel.id.replace('panel-', '')) : undefined;
}

/** Twice the time range, as Grafana's magnifying glass does. */
export const zoomOutOf = (store: Store): void =>
  store.set({ range: zoomOut(store.get().range, Date.now()) }, { step: true });

/** What the page can do from the keyboard. */
export function pageShortcuts(store: Store, refresh: () => void): { list: Shortcut[]; show: () => void } {
  const move = (next: (raw: RawRange, nowMs: number) => RawRange) =>
    store.set({ range: next(store.get().range, Date.now()) }, { step: true });
  const view = (viewPanel: number | undefined) => store.set({ viewPanel }, { step: true });
  const show = () => showShortcuts(list);
  const list: Shortcut[] = [
    { keys: ['r'], does: 'refresh', run: refresh },
    { keys: ['t', 'z'], does: 'zoom out to twice the time', run: () => zoomOutOf(store) },
    { keys: ['t', 'ArrowLeft'], does: 'go back in time', run: () => move((raw, now) => shiftRange(raw, -1, now)) },
    { keys: ['t', 'ArrowRight'], does: 'go forward in time', run: () => move((raw, now) => shiftRange(raw, 1, now)) },
    {
      keys: ['v'],
      does: 'show the panel under the pointer or with the focus full screen',
      run: () => view(pointedPanel()),
    },
    { keys: ['Escape'], does: 'leave full screen, a menu or a dialog', run: () => view(undefined) },
    { keys: ['?'], does: 'show these shortcuts', run: show },
  ];
  return { list, show };
}

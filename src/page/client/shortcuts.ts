import { type RawRange, shiftRange, zoomOut } from '../model/time-range.js';
import { type Shortcut, showShortcuts } from './keyboard.js';
import type { Store } from './store.js';

const focusedPanel = (): number | undefined => {
  const id = document.activeElement?.closest('.panel')?.id.replace('panel-', '');
  return id === undefined ? undefined : Number(id);
};

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
    { keys: ['v'], does: 'show the focused panel full screen', run: () => view(focusedPanel()) },
    { keys: ['Escape'], does: 'leave full screen, a menu or a dialog', run: () => view(undefined) },
    { keys: ['?'], does: 'show these shortcuts', run: show },
  ];
  return { list, show };
}

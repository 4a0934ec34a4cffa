import type { Theme } from '../model/page-state.js';
import { iconButton } from './dom.js';
import { ICONS } from './icons.js';
import type { Store } from './store.js';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const NAMES: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

/** The theme that is seen. */
export const seenTheme = (theme: Theme): 'light' | 'dark' =>
  theme === 'system' ? (prefersDark.matches ? 'dark' : 'light') : theme;

/** Keeps the document in the theme of the state; `onSeen` hears when another one is seen. */
export function followTheme(store: Store, onSeen: () => void): void {
  const apply = () => {
    const { theme } = store.get();
    const { dataset } = document.documentElement;
    const before = dataset.seen;
    dataset.theme = theme;
    dataset.seen = seenTheme(theme);
    if (before !== undefined && before !== dataset.seen) onSeen();
  };
  apply();
  store.onChange(apply);
  prefersDark.addEventListener('change', apply);
}

/** Goes from the system's theme to light, to dark, and back. */
export function themeButton(store: Store): HTMLButtonElement {
  const turn = () => store.set({ theme: NEXT[store.get().theme] });
  const button = iconButton('Theme', ICONS.system, turn);
  const update = () => {
    const { theme } = store.get();
    const label = `Theme: ${NAMES[theme]}`;
    button.setAttribute('aria-label', label);
    button.title = label;
    button.querySelector('path')?.setAttribute('d', ICONS[theme]);
  };
  update();
  store.onChange(update);
  return button;
}

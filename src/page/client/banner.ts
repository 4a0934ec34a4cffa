import { h, svg } from './dom.js';
import { ICONS } from './icons.js';

/** The one line above the panels that says what is wrong with all of them. */
export interface Banner {
  element: HTMLElement;
  /** Shows a message; undefined takes it away. */
  show(message: string | undefined): void;
}

export function createBanner(): Banner {
  const text = h('span');
  const element = h('div', { class: 'banner', role: 'alert', hidden: true }, svg(ICONS.alert), text);
  return {
    element,
    show(message) {
      element.hidden = message === undefined;
      // Said again only when it changes, not at each attempt.
      if (message !== undefined && text.textContent !== message) text.textContent = message;
    },
  };
}

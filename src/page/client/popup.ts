import { h } from './dom.js';

/** Puts a popup under its button, inside the window. */
function place(popup: HTMLElement, button: HTMLElement): void {
  const { bottom, top, left, right } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popup;
  const wantsRight = left + width > window.innerWidth - 8;
  const x = Math.max(8, wantsRight ? Math.min(right, window.innerWidth - 8) - width : left);
  const fitsBelow = bottom + 4 + height <= window.innerHeight || top < height + 8;
  popup.style.left = `${x}px`;
  popup.style.top = `${fitsBelow ? bottom + 4 : top - height - 4}px`;
}

/**
 * A button with a popup that `fill` fills each time it opens. The browser closes it at Escape or a click elsewhere, and
 * gives the focus back.
 */
export function withPopup(
  button: HTMLButtonElement,
  label: string,
  fill: (popup: HTMLElement) => (Node | string)[],
): DocumentFragment {
  const popup = h('div', { popover: 'auto', class: 'popup', role: 'group', 'aria-label': label });
  button.popoverTargetElement = popup;
  button.setAttribute('aria-expanded', 'false');
  popup.addEventListener('beforetoggle', (event) => {
    if ((event as ToggleEvent).newState === 'open') popup.replaceChildren(...fill(popup));
  });
  popup.addEventListener('toggle', (event) => {
    const isOpen = (event as ToggleEvent).newState === 'open';
    button.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) return;
    place(popup, button);
    popup.querySelector<HTMLElement>('[aria-current], button, input, a')?.focus({ preventScroll: true });
  });
  const both = document.createDocumentFragment();
  both.append(button, popup);
  return both;
}

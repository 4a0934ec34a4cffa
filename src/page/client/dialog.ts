import { h, iconButton } from './dom.js';
import { ICONS } from './icons.js';

/** Shows a dialog over the page until it is closed; the browser keeps the focus in it and gives it back. */
export function showDialog(title: string, ...content: (Node | string)[]): HTMLDialogElement {
  const heading = h('h2', { id: 'dialog-title' }, title);
  const close = iconButton('Close', ICONS.close, () => dialog.close());
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'dialog-title', close: () => dialog.remove() },
    h('header', { class: 'dialog-head' }, heading, close),
    h('div', { class: 'dialog-body', tabindex: 0 }, ...content),
  );
  // A click on the dialog itself is one beside its content.
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

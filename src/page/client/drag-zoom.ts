import { h } from './dom.js';

const LEAST_PIXELS = 6;

/** Lets a mouse mark a part of an element's width; a finger scrolls the page instead. */
export function listenForDrag(
  element: HTMLElement,
  mayStart: (x: number) => boolean,
  done: (from: number, to: number) => void,
) {
  const xOf = (event: PointerEvent) => event.clientX - element.getBoundingClientRect().left;
  element.addEventListener('pointerdown', (down) => {
    const start = xOf(down);
    if (down.button !== 0 || down.pointerType !== 'mouse' || !mayStart(start)) return;
    const mark = h('div', { class: 'zoom-mark' });
    const end = new AbortController();
    const finish = () => {
      end.abort();
      mark.remove();
    };
    const move = (event: PointerEvent) => {
      const x = Math.min(Math.max(xOf(event), 0), element.clientWidth);
      if (Math.abs(x - start) < LEAST_PIXELS && !mark.isConnected) return;
      element.append(mark);
      mark.style.left = `${Math.min(start, x)}px`;
      mark.style.width = `${Math.abs(x - start)}px`;
    };
    const up = (event: PointerEvent) => {
      const x = Math.min(Math.max(xOf(event), 0), element.clientWidth);
      finish();
      if (Math.abs(x - start) >= LEAST_PIXELS) done(Math.min(start, x), Math.max(start, x));
    };
    const { signal } = end;
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', up, { signal });
    window.addEventListener('pointercancel', finish, { signal });
    window.addEventListener('keydown', (event) => event.key === 'Escape' && finish(), { signal });
  });
}

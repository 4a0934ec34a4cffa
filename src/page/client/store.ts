import { formatState, type PageState, parseState } from '../model/page-state.js';

/** The state of the page, which is always also in its address. */
export interface Store {
  get(): PageState;
  /** Changes some of it; `step` makes it one that the Back button undoes. */
  set(change: Partial<PageState>, options?: { step?: boolean }): void;
  onChange(listen: (state: PageState, before: PageState) => void): void;
}

export function createStore(defaults: PageState): Store {
  let state = parseState(location.search, defaults);
  const listeners: ((state: PageState, before: PageState) => void)[] = [];
  const become = (next: PageState) => {
    const before = state;
    state = next;
    for (const listen of listeners) listen(state, before);
  };
  history.replaceState(null, '', formatState(state));
  addEventListener('popstate', () => become(parseState(location.search, defaults)));
  return {
    get: () => state,
    set(change, { step = false } = {}) {
      const next = { ...state, ...change };
      const [before, after] = [formatState(state), formatState(next)];
      if (before === after) return;
      if (step) history.pushState(null, '', after);
      else history.replaceState(null, '', after);
      become(next);
    },
    onChange: (listen) => listeners.push(listen),
  };
}

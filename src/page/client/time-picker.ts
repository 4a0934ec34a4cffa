import {
  absoluteRange,
  describeRange,
  formatMoment,
  parseTime,
  QUICK_RANGES,
  resolveRange,
} from '../model/time-range.js';
import { h, svg } from './dom.js';
import { ICONS } from './icons.js';
import { withPopup } from './popup.js';
import type { Store } from './store.js';

/** What a person types: `now-2h`, or `2026-11-24 10:00:00` in local time. */
function parseTyped(text: string): number | undefined {
  const trimmed = text.trim();
  return parseTime(trimmed, Date.now()) ?? parseTime(trimmed.replace(' ', 'T'), Date.now());
}

function absoluteForm(store: Store, close: () => void): HTMLFormElement {
  const shown = (text: string) => (text.startsWith('now') ? text : formatMoment(parseTime(text, Date.now()) ?? 0));
  const field = (name: 'from' | 'to', label: string) =>
    h('input', {
      name,
      'aria-label': label,
      value: shown(store.get().range[name]),
      autocomplete: 'off',
      spellcheck: 'false',
    });
  const [from, to] = [field('from', 'From'), field('to', 'To')];
  const problem = h('p', { class: 'problem', role: 'alert' });
  const submit = (event: Event) => {
    event.preventDefault();
    const typed = [from, to].map(({ value }) => value.trim());
    const [fromText = '', toText = ''] = typed;
    const [fromMs, toMs] = typed.map(parseTyped);
    const isRelative = typed.every((text) => text.startsWith('now'));
    const range = isRelative ? { from: fromText, to: toText } : absoluteRange(fromMs ?? Number.NaN, toMs ?? Number.NaN);
    if (fromMs === undefined || toMs === undefined)
      problem.textContent = 'Expected a time such as 2026-01-31 08:00:00 or now-2h.';
    else if (!resolveRange(range, Date.now())) problem.textContent = 'From has to be earlier than to.';
    else {
      store.set({ range }, { step: true });
      close();
    }
  };
  return h(
    'form',
    { class: 'absolute-range', submit },
    h('label', {}, 'From', from),
    h('label', {}, 'To', to),
    problem,
    h('button', { class: 'primary' }, 'Apply time range'),
    h('p', { class: 'hint' }, `Local time (${Intl.DateTimeFormat().resolvedOptions().timeZone})`),
  );
}

/** The button that shows the time range, with the ranges to choose from. */
export function timePicker(store: Store): DocumentFragment {
  const text = h('span');
  const button = h(
    'button',
    { type: 'button', class: 'picker time-picker' },
    svg(ICONS.clock),
    text,
    svg(ICONS.chevron),
  );
  const update = () => {
    text.textContent = describeRange(store.get().range, Date.now());
    button.setAttribute('aria-label', `Time range: ${text.textContent}`);
  };
  update();
  store.onChange(update);
  return withPopup(button, 'Time range', (popup) => {
    const { from, to } = store.get().range;
    const quick = QUICK_RANGES.map(({ label, range }) => {
      const isCurrent = range.from === from && range.to === to;
      const choose = () => {
        store.set({ range }, { step: true });
        popup.hidePopover();
      };
      return h(
        'button',
        { type: 'button', class: 'choice', 'aria-current': isCurrent && 'true', click: choose },
        label,
      );
    });
    return [
      h(
        'div',
        { class: 'time-choices' },
        h('div', { class: 'quick-ranges' }, ...quick),
        absoluteForm(store, () => popup.hidePopover()),
      ),
    ];
  });
}

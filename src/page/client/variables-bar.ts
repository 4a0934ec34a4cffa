import type { Dashboard, Variable } from '../../charts/index.js';
import { ALL, describeChoice, toggleValue, valueSource } from '../model/variables.js';
import { prometheusFor } from './api.js';
import { h, svg } from './dom.js';
import { ICONS } from './icons.js';
import { withPopup } from './popup.js';
import type { Store } from './store.js';

/** The controls of the dashboard's variables. */
export interface VariablesBar {
  element: HTMLElement;
  /** All values that each variable can have, as far as they are known. */
  known: Record<string, string[]>;
  /** Asks Prometheus which values there are in a range. */
  load(range: { fromSeconds: number; toSeconds: number }, signal: AbortSignal): Promise<void>;
}

async function findValues(
  variable: Variable,
  range: { fromSeconds: number; toSeconds: number },
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const source = valueSource(variable);
  if (!source) return undefined;
  if ('values' in source) return source.values;
  const query = new URLSearchParams({ start: String(range.fromSeconds), end: String(range.toSeconds) });
  if (source.match) query.set('match[]', source.match);
  return prometheusFor(signal).api<string[]>(`label/${source.label}/values?${query}`);
}

function choiceList(variable: Variable, store: Store, known: string[], popup: HTMLElement): HTMLElement[] {
  const chosen = store.get().variables[variable.name] ?? [];
  // What an address asks for stays visible, also where no series has it.
  const values = [...new Set([...(variable.includeAll ? [ALL] : []), ...known, ...chosen])];
  const type = variable.multi ? 'checkbox' : 'radio';
  return values.map((value) => {
    const change = () => {
      const before = store.get().variables;
      const next = variable.multi ? toggleValue(before[variable.name] ?? [], value) : [value];
      store.set({ variables: { ...before, [variable.name]: next } }, { step: true });
      if (!variable.multi) return popup.hidePopover();
      for (const one of popup.querySelectorAll('input')) one.checked = next.includes(one.value);
    };
    const box = h('input', { type, name: variable.name, value, checked: chosen.includes(value), change });
    return h('label', { class: 'choice' }, box, h('span', {}, value === ALL ? 'All' : value));
  });
}

function control(variable: Variable, store: Store, known: Record<string, string[]>): HTMLElement {
  const text = h('span', { class: 'value' });
  const button = h('button', { type: 'button', class: 'picker' }, text, svg(ICONS.chevron));
  const label = variable.label || variable.name;
  const update = () => {
    text.textContent = describeChoice(store.get().variables[variable.name] ?? []);
    button.setAttribute('aria-label', `${label}: ${text.textContent}`);
  };
  update();
  store.onChange(update);
  const popup = withPopup(button, label, (element) => choiceList(variable, store, known[variable.name] ?? [], element));
  return h('div', { class: 'variable' }, h('span', { class: 'name', 'aria-hidden': 'true' }, label), popup);
}

const shown = (label: string, value: string) =>
  h('div', { class: 'variable' }, h('span', { class: 'name' }, label), h('span', { class: 'value fixed' }, value));

/** Variables that can be chosen have their values in the page's state. */
export const isChosen = (variable: Variable): boolean =>
  valueSource(variable) !== undefined && variable.type !== 'constant';

export function variablesBar(dashboard: Dashboard, store: Store, prometheusUrl: string): VariablesBar {
  const variables = dashboard.templating?.list ?? [];
  const known: Record<string, string[]> = {};
  const controls = variables.map((variable) => {
    const label = variable.label || variable.name;
    if (isChosen(variable)) return control(variable, store, known);
    if (variable.type === 'datasource')
      return shown(label, `Prometheus at ${prometheusUrl.replace(/^https?:\/\//, '')}`);
    if (variable.type === 'constant') return undefined;
    return shown(label, `not shown here: a variable of the type ${variable.type}`);
  });
  return {
    element: h('div', { class: 'variables' }, ...controls),
    known,
    async load(range, signal) {
      await Promise.all(
        variables.map(async (variable) => {
          const values = await findValues(variable, range, signal);
          if (values) known[variable.name] = values;
        }),
      );
    },
  };
}

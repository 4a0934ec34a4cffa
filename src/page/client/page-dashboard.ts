import type { Dashboard } from '../../charts/index.js';
import { type PageState, parseRefresh } from '../model/page-state.js';
import { defaultValues } from '../model/variables.js';
import { isChosen } from './variables-bar.js';

export type PageDashboard = Dashboard & {
  /** 0: each panel's tooltip for itself; 1: a shared line; 2: shared tooltips. */
  graphTooltip?: number;
};

/** Where the server has its data from. */
export interface Settings {
  prometheusUrl: string;
  alertmanagerUrl: string | null;
}

/** The state of a page whose address says nothing. */
export function defaultState({ time, refresh, templating }: PageDashboard): PageState {
  const chosen = (templating?.list ?? []).filter(isChosen).map((variable) => [variable.name, defaultValues(variable)]);
  return {
    range: time ?? { from: 'now-1h', to: 'now' },
    refreshSeconds: parseRefresh(refresh),
    theme: 'system',
    variables: Object.fromEntries(chosen),
    viewPanel: undefined,
  };
}

import { formatDuration, parseDuration, UNIT_SECONDS } from '../../prometheus/duration.js';
import { type RawRange, resolveRange } from './time-range.js';

export type Theme = 'light' | 'dark' | 'system';

/** Everything that a shared address of the page holds. */
export interface PageState {
  range: RawRange;
  /** 0 is off. */
  refreshSeconds: number;
  theme: Theme;
  /** What was chosen of each variable that can be chosen; `$__all` is All. */
  variables: Record<string, string[]>;
  /** Id of the panel that fills the page. */
  viewPanel: number | undefined;
}

export const REFRESH_SECONDS = [0, 5, 10, 30, 60];

/** `10s` and `1m`, as Grafana writes it; 0 where it is off, or no time from a second to a day. */
export function parseRefresh(text: string | false | undefined): number {
  const seconds = parseDuration(text || '') ?? 0;
  return seconds >= 1 && seconds <= UNIT_SECONDS.d ? seconds : 0;
}

export const formatRefresh = (seconds: number): string => (seconds === 0 ? 'off' : formatDuration(seconds));

const isTheme = (text: string | undefined): text is Theme => ['light', 'dark', 'system'].includes(text ?? '');

/** The state of an address; what it does not say, or says wrongly, is as in `defaults`. */
export function parseState(search: string, defaults: PageState, nowMs = Date.now()): PageState {
  const query = new URLSearchParams(search);
  const [from = '', to = '', theme] = ['from', 'to', 'theme'].map((name) => query.get(name) ?? '');
  const refresh = query.get('refresh');
  const variables = Object.entries(defaults.variables).map(([name, values]) => {
    const chosen = query.getAll(`var-${name}`).map((value) => (value === 'All' ? '$__all' : value));
    return [name, chosen.length > 0 ? chosen : values];
  });
  const viewPanel = /^(?:panel-)?(\d+)$/.exec(query.get('viewPanel') ?? '')?.[1];
  return {
    range: resolveRange({ from, to }, nowMs) ? { from, to } : defaults.range,
    refreshSeconds: refresh === null ? defaults.refreshSeconds : parseRefresh(refresh),
    theme: isTheme(theme) ? theme : defaults.theme,
    variables: Object.fromEntries(variables),
    viewPanel: viewPanel === undefined ? undefined : Number(viewPanel),
  };
}

/** The query string that `parseState` reads back. */
export function formatState({ range, refreshSeconds, theme, variables, viewPanel }: PageState): string {
  const query = new URLSearchParams({ from: range.from, to: range.to });
  for (const [name, values] of Object.entries(variables)) {
    for (const value of values) query.append(`var-${name}`, value === '$__all' ? 'All' : value);
  }
  query.set('refresh', formatRefresh(refreshSeconds));
  if (theme !== 'system') query.set('theme', theme);
  if (viewPanel !== undefined) query.set('viewPanel', String(viewPanel));
  return `?${query}`;
}

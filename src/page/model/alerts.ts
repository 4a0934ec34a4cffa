import type { ActiveAlert as ManagedAlert } from '../../prometheus/alertmanager.js';
import type { LoadedRule } from '../../prometheus/client.js';
import { metricOf } from '../../prometheus/exposition.js';
import type { Labels } from '../../prometheus/labels.js';
import { selectorsIn } from '../../promql/syntax/nodes.js';
import { parse } from '../../promql/syntax/parse.js';

/** An alert that is pending or firing, as Prometheus' rules report it. */
export interface ActiveAlert {
  name: string;
  state: 'firing' | 'pending';
  severity: string | undefined;
  summary: string;
  description: string;
  /** When it began, in milliseconds since 1970. */
  sinceMs: number;
  labels: Labels;
  /** The metrics that its rule looks at, through recordings too. */
  metrics: ReadonlySet<string>;
}

/** The metrics that an expression names; the parts of a histogram count as the histogram. */
export function metricsOf(expr: string): Set<string> {
  const { root } = parse(expr);
  const names = root ? selectorsIn(root).flatMap(({ metric }) => metric ?? []) : [];
  return new Set(names.map(metricOf));
}

/** The alerts that are pending or firing now, the worst first. */
export function activeAlerts(rules: LoadedRule[]): ActiveAlert[] {
  const recordings = new Map(rules.filter(({ type }) => type === 'recording').map(({ name, query }) => [name, query]));
  const expand = (expr: string, seen: readonly string[] = []): string[] =>
    [...metricsOf(expr)].flatMap((name) => {
      const query = seen.includes(name) ? undefined : recordings.get(name);
      return query ? [name, ...expand(query, [...seen, name])] : [name];
    });
  const active = rules.flatMap(({ name, query, alerts = [] }) =>
    alerts
      .filter(({ state }) => state === 'firing' || state === 'pending')
      .map(({ labels, annotations, state, activeAt }) => ({
        name,
        state: state as ActiveAlert['state'],
        severity: labels.severity,
        summary: annotations.summary ?? name,
        description: annotations.description ?? '',
        sinceMs: Date.parse(activeAt),
        labels,
        metrics: new Set(expand(query)),
      })),
  );
  return active.sort((a, b) => Number(b.state === 'firing') - Number(a.state === 'firing') || a.sinceMs - b.sinceMs);
}

/** Whether an alert is about what a panel shows: a metric in common, and no label that the chosen variables exclude. */
export function concerns(alert: ActiveAlert, exprs: string[], chosen: Record<string, string[]>): boolean {
  const isChosen = Object.entries(chosen).every(([name, values]) => {
    const label = alert.labels[name];
    return label === undefined || values.length === 0 || values.includes('$__all') || values.includes(label);
  });
  return isChosen && exprs.some((expr) => [...metricsOf(expr)].some((metric) => alert.metrics.has(metric)));
}

/** Whether Alertmanager keeps an alert to itself, and why. Prometheus may have sent it with further labels. */
export function mutedBy({ name, labels }: ActiveAlert, managed: ManagedAlert[]): 'silenced' | 'inhibited' | undefined {
  const own = Object.entries({ ...labels, alertname: name });
  const same = managed.find((one) => own.every(([label, value]) => one.labels[label] === value));
  if (same?.status.state !== 'suppressed') return undefined;
  return same.status.silencedBy.length > 0 ? 'silenced' : 'inhibited';
}

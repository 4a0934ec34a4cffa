/** An alert that is pending or firing, as Prometheus' rules tell it. */
export interface ActiveAlert {
  name: string;
  state: 'firing' | 'pending';
  severity: string | undefined;
  summary: string;
  description: string;
  /** When it began, in milliseconds since 1970. */
  sinceMs: number;
  labels: Record<string, string>;
  /** The metrics that its rule looks at, through recordings too. */
  metrics: ReadonlySet<string>;
}

interface Rule {
  type: 'alerting' | 'recording';
  name: string;
  query: string;
  alerts?: {
    labels: Record<string, string>;
    annotations: Record<string, string>;
    state: string;
    activeAt: string;
  }[];
}

/** Data of `/api/v1/rules`. */
export interface RulesData {
  groups: { rules: Rule[] }[];
}

// What is named beside metrics: strings, selectors, windows, and the label lists of aggregations and matchings.
const NOT_METRICS =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#.*|\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/gi;
const KEYWORDS = new Set('and or unless bool offset by without on ignoring group_left group_right inf nan'.split(' '));

/** The metrics that an expression names; the parts of a histogram count as the histogram. */
export function metricsOf(expr: string): Set<string> {
  const quoted = [...expr.matchAll(/__name__\s*=\s*"([^"]+)"/g)].map(([, name = '']) => name);
  const bare = expr.replace(/"(?:\\.|[^"\\])*"/g, '""').replace(NOT_METRICS, ' ');
  const names = [...bare.matchAll(/(?<![\w:.$])[A-Za-z_:][\w:]*(?!\s*\(|[\w:])/g)].map(([name]) => name);
  const metrics = [...quoted, ...names.filter((name) => !KEYWORDS.has(name.toLowerCase()))];
  return new Set(metrics.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
}

/** The alerts that are pending or firing now, the worst first. */
export function activeAlerts({ groups }: RulesData): ActiveAlert[] {
  const rules = groups.flatMap((group) => group.rules);
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

/** An alert of Alertmanager's `/api/v2/alerts`. */
export interface ManagedAlert {
  labels: Record<string, string>;
  status: { state: string; silencedBy: string[]; inhibitedBy: string[] };
}

/** Whether Alertmanager keeps an alert to itself, and why. Prometheus may have sent it with further labels. */
export function mutedBy({ name, labels }: ActiveAlert, managed: ManagedAlert[]): 'silenced' | 'inhibited' | undefined {
  const own = Object.entries({ ...labels, alertname: name });
  const same = managed.find((one) => own.every(([label, value]) => one.labels[label] === value));
  if (same?.status.state !== 'suppressed') return undefined;
  return same.status.silencedBy.length > 0 ? 'silenced' : 'inhibited';
}

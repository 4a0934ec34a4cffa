/** An alert that Alertmanager knows. */
export interface ActiveAlert {
  alert: string;
  severity: string;
  /** `suppressed` where another alert inhibits it, or a silence does. */
  state: 'active' | 'suppressed' | 'unprocessed';
  receivers: string[];
  labels: Record<string, string>;
  /** ISO time. */
  startsAt: string;
}

/** An Alertmanager on the loopback address. */
export interface Alertmanager {
  /** For example `http://127.0.0.1:9093`. */
  readonly url: string;
  /** The alerts that fire at the moment. */
  alerts(): Promise<ActiveAlert[]>;
}

interface ApiAlert {
  labels: Record<string, string>;
  startsAt: string;
  status: { state: ActiveAlert['state'] };
  receivers: { name: string }[];
}

/** An Alertmanager that runs. */
export function alertmanagerAt(url: string): Alertmanager {
  return {
    url,
    alerts: async () => {
      const response = await fetch(`${url}/api/v2/alerts`, { signal: AbortSignal.timeout(10_000) });
      if (!response.ok) throw new Error(`Alertmanager: ${(await response.text()).slice(0, 200)}`);
      return ((await response.json()) as ApiAlert[]).map(({ labels, startsAt, status, receivers }) => ({
        alert: labels.alertname ?? 'unnamed',
        severity: labels.severity ?? 'no severity',
        state: status.state,
        receivers: receivers.map(({ name }) => name),
        labels,
        startsAt,
      }));
    },
  };
}

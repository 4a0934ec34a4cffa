import type { Labels } from './labels.js';
import { type RequestOptions, requestText } from './request.js';

/** An alert that Alertmanager knows. */
export interface ActiveAlert {
  alert: string;
  severity: string;
  /** `suppressed` where another alert inhibits it, or a silence does. */
  state: 'active' | 'suppressed' | 'unprocessed';
  /** Ids of the silences that suppress it. */
  silencedBy: string[];
  receivers: string[];
  labels: Labels;
  /** ISO time. */
  startsAt: string;
}

/** Reads from the HTTP API of Alertmanager. */
export interface Alertmanager {
  /** For example `http://127.0.0.1:9093`. */
  readonly url: string;
  /** The alerts that fire at the moment. @throws {PrometheusError} with Alertmanager's own message */
  alerts(): Promise<ActiveAlert[]>;
}

interface ApiAlert {
  labels: Labels;
  startsAt: string;
  status: { state: ActiveAlert['state']; silencedBy: string[] };
  receivers: { name: string }[];
}

/** The Alertmanager at an address. */
export function alertmanagerAt(url: string, options?: RequestOptions): Alertmanager {
  return {
    url,
    alerts: async () =>
      (JSON.parse(await requestText(`${url}/api/v2/alerts`, options)) as ApiAlert[]).map((one) => ({
        alert: one.labels.alertname ?? 'unnamed',
        severity: one.labels.severity ?? 'no severity',
        state: one.status.state,
        silencedBy: one.status.silencedBy,
        receivers: one.receivers.map(({ name }) => name),
        labels: one.labels,
        startsAt: one.startsAt,
      })),
  };
}

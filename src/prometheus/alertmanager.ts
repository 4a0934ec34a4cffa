import type { Labels } from './labels.js';
import { type RequestOptions, requestText } from './request.js';

/** An alert that Alertmanager knows. */
export interface ActiveAlert {
  /** Its name is `alertname`. */
  labels: Labels;
  status: {
    /** `suppressed` where another alert inhibits it, or a silence does. */
    state: 'active' | 'suppressed' | 'unprocessed';
    /** Ids of the silences. */
    silencedBy: string[];
  };
}

/** Reads from the HTTP API of Alertmanager. */
export interface Alertmanager {
  /** For example `http://127.0.0.1:9093`. */
  readonly url: string;
  /** The alerts that fire at the moment. @throws {PrometheusError} with Alertmanager's own message */
  alerts(): Promise<ActiveAlert[]>;
}

/** The Alertmanager at an address. */
export const alertmanagerAt = (url: string, options?: RequestOptions): Alertmanager => ({
  url,
  alerts: async () => JSON.parse(await requestText(`${url}/api/v2/alerts`, options)),
});

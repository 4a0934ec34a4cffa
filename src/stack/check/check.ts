import { catalogue } from '../../m2_3_monitoring/metrics/catalogue.js';
import type { Alertmanager } from '../../prometheus/alertmanager.js';
import type { PrometheusClient } from '../../prometheus/client.js';
import type { Notifications } from '../clients/notifications-client.js';

/** What the links of the chain are asked of. */
export interface Chain {
  /** `host:port` of the metrics server. */
  target: string;
  token: string | undefined;
  prometheus: PrometheusClient;
  alertmanager: Alertmanager;
  /** Undefined where notifications go elsewhere, as with Compose. */
  notifications: Notifications | undefined;
}

/** What a link was found to be; with a cure it is broken. */
export interface Finding {
  found: string;
  cure?: string;
  /** It may be whole in a moment, as in the first seconds of a start. */
  again?: boolean;
}

/** A link's check. @throws {Error} where what it asks does not answer */
export type Check = (chain: Chain) => Promise<Finding>;

export const METRIC_NAMES: string[] = Object.values(catalogue).map(({ name }) => name);

/** The job in prometheus.yml. */
export const JOB = 'rag-service';

/** `1 series`, `2 series`; `1 alert`, `2 alerts`. */
export const count = (number: number, noun: string, plural = `${noun}s`): string =>
  `${number} ${number === 1 ? noun : plural}`;

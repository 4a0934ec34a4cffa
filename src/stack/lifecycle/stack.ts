import type { Alertmanager } from '../../prometheus/alertmanager.js';
import type { Notifications } from '../clients/notifications-client.js';
import type { Prometheus } from '../clients/start-prometheus.js';
import type { StackState } from './stack-state.js';

/** Prometheus and Alertmanager on this machine, and what they notify of. */
export interface Stack {
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly notifications: Notifications;
  readonly folder: string;
  /** `host:port` that is scraped. */
  readonly target: string;
  /** True where this call found the stack running and started none: `stop` then leaves it running. */
  readonly alreadyRunning: boolean;
  /** How its programs are. */
  status(): Promise<Omit<StackState, 'token'>>;
  /** Adds addresses to what `status` says, for example of the dashboard page. */
  announce(addresses: { dashboardUrl?: string }): void;
  /** Makes both programs take changed configuration and rules. @throws {CodedError} `ERR_STACK_PROCESS` where they would not */
  reload(): Promise<void>;
  /** Ends both programs; their data is kept. */
  stop(): Promise<void>;
}

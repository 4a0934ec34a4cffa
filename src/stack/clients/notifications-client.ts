import { requestText } from '../../prometheus/request.js';
import { waitUntil } from '../process/wait-until.js';
import type { Notification, NotifiedAlert } from '../receiver/notification.js';

/** What Alertmanager has sent to the stack's receiver. */
export interface Notifications {
  /** The receiver's address. */
  readonly url: string;
  /** The last hundred, oldest first, also those of earlier runs of the stack. */
  list(): Promise<Notification[]>;
  /**
   * Waits until the last notification of an alert, since the stack was started, has this status.
   * @throws {Error} after `timeoutMs` (default: 90 s)
   */
  waitFor(alert: string, status?: NotifiedAlert['status'], timeoutMs?: number): Promise<Notification>;
}

/** The notifications of a receiver, in this process or another. `since` is an ISO time. */
export function notificationsAt(url: string, since: string): Notifications {
  const list = async (): Promise<Notification[]> => JSON.parse(await requestText(`${url}/notifications`));
  const lastAbout = async (alert: string) =>
    (await list())
      .filter(({ receivedAt, alerts }) => receivedAt >= since && alerts.some((one) => one.alert === alert))
      .at(-1);
  return {
    url,
    list,
    waitFor: async (alert, status = 'firing', timeoutMs = 90_000) => {
      let found: Notification | undefined;
      const arrived = async () => {
        found = await lastAbout(alert);
        return found?.alerts.some((one) => one.alert === alert && one.status === status) ?? false;
      };
      await waitUntil(`a notification that ${alert} is ${status}`, arrived, timeoutMs);
      return found as Notification;
    },
  };
}

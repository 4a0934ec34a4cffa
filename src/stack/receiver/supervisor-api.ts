/**
 * The receiver of notifications.
 *
 * In: notifications of Alertmanager.
 * Out: the last ones, over HTTP on loopback.
 * Must not know: how the stack is started.
 *
 * @module
 */

import type { LoopbackServer } from '../../loopback/start-server.js';
import { type Answer, type Route, startJsonService } from './json-service.js';
import { describeAlert, type Notification, parseWebhook } from './notification.js';
import { notificationStore } from './notification-store.js';

interface ServiceOptions {
  /** The file that keeps the notifications. */
  file: string;
  token: string;
  state: () => object;
  stop: () => Promise<void>;
  reload: () => Promise<void>;
  report: (line: string) => void;
}

const ok = (body: unknown): Answer => ({ status: 200, body });

/** The path that Alertmanager sends its notifications to. */
export const WEBHOOK_PATH = '/alertmanager';

/** What the supervisor answers on the loopback address: it receives notifications, reports its state, and takes the commands of its owner. */
export function startStackService(options: ServiceOptions): Promise<LoopbackServer> {
  const { file, token, state, stop, reload, report } = options;
  const store = notificationStore(file);
  const receive: Route = (body, given) => {
    if (given !== token) return { status: 401, body: { error: 'only the Alertmanager of this stack may notify' } };
    let notification: Notification;
    try {
      notification = parseWebhook(body, new Date().toISOString());
    } catch (error) {
      return { status: 400, body: { error: (error as Error).message } };
    }
    store.add(notification);
    for (const alert of notification.alerts) report(describeAlert(alert));
    return ok({});
  };
  const ownersOnly =
    (action: () => Promise<void>): Route =>
    async (_body, given) => {
      if (given !== token) return { status: 401, body: { error: 'expected the token of state.json' } };
      return action().then(
        () => ok({}),
        (error: Error) => ({ status: 409, body: { error: error.message } }),
      );
    };
  const routes: Record<string, Route> = {
    [`POST ${WEBHOOK_PATH}`]: receive,
    'GET /notifications': () => ok(store.list()),
    'GET /state': () => ok(state()),
    'POST /reload': ownersOnly(reload),
    'POST /stop': ownersOnly(async () => {
      // After the answer: ending closes this server too.
      setTimeout(() => void stop(), 20);
    }),
  };
  return startJsonService(routes, report);
}

import { config } from '../../config.js';
import type { CodedError } from '../m2_3_monitoring/errors/index.js';
import type { ActiveTarget } from '../prometheus/client.js';
import {
  COMPOSE_URL,
  checkChain,
  connectPrometheus,
  cureOfScrape,
  hasStackPrograms,
  type Notification,
  type NotifiedAlert,
  type Prometheus,
  runFolder,
  type Stack,
  startStack,
} from '../stack/index.js';
import { type Columns, toColumns } from './tables.js';

/** In a lesson nobody waits 10 s for a number. */
const SCRAPE_SECONDS = 1;

/** A cell of the lesson ends before its reader, or a test, gives it up. */
const CELL_MS = 80_000;

interface Opened {
  prometheus: Prometheus;
  /** Undefined with Docker Compose. */
  stack?: Stack;
}

interface Server {
  port: number;
}

let running: { target: string; opened: Promise<Opened | undefined> } | undefined;

async function startOrJoin(target: string): Promise<Stack> {
  const options = { target, intervalSeconds: SCRAPE_SECONDS };
  try {
    return await startStack(options);
  } catch (error) {
    if ((error as CodedError).code !== 'ERR_STACK_ELSEWHERE') throw error;
    // In the project's folder another service is watched: this one gets a folder for as long as the kernel runs.
    return startStack({ ...options, folder: runFolder('stack') });
  }
}

async function assertScraped(prometheus: Prometheus, target: string): Promise<void> {
  let last: ActiveTarget | undefined;
  try {
    await prometheus.waitUntil('Prometheus has scraped /metrics', async () => {
      [last] = await prometheus.targets();
      return last?.health === 'up';
    });
  } catch (cause) {
    const { lastError = 'it has no target', scrapeUrl = '' } = last ?? {};
    throw new Error(`Prometheus cannot scrape ${target}: ${lastError} (${cureOfScrape(lastError, scrapeUrl)})`, {
      cause,
    });
  }
}

async function start(target: string): Promise<Opened | undefined> {
  const stack = hasStackPrograms() ? await startOrJoin(target) : undefined;
  const prometheus = stack?.prometheus ?? (await connectPrometheus(COMPOSE_URL));
  if (!prometheus) return undefined;
  try {
    await assertScraped(prometheus, target);
  } catch (error) {
    await prometheus.stop();
    throw error;
  }
  return { prometheus, stack };
}

/** Whether what was opened is still there: the process that runs the stack may have ended it. */
async function stillAnswers(opened: Promise<Opened | undefined>): Promise<boolean> {
  const url = (await opened.catch(() => undefined))?.prometheus.url;
  return url !== undefined && (await connectPrometheus(url)) !== undefined;
}

async function open({ port }: Server): Promise<Opened | undefined> {
  const target = `127.0.0.1:${port}`;
  if (running?.target !== target || !(await stillAnswers(running.opened))) {
    await closePrometheus();
    const starting = { target, opened: start(target) };
    running = starting;
    // Not remembered: the next run of the cell tries again.
    starting.opened.catch(() => {
      if (running === starting) running = undefined;
    });
  }
  return running?.opened;
}

/**
 * Opens the project's monitoring stack, which scrapes the metrics server every second under the committed configuration
 * and rules; one that runs already is joined. Undefined where its programs are not on this machine.
 */
export const openStack = async (server: Server): Promise<Stack | undefined> => (await open(server))?.stack;

/** The Prometheus of that stack; without one, that of Docker Compose; undefined where that does not answer either. */
export const openPrometheus = async (server: Server): Promise<Prometheus | undefined> =>
  (await open(server))?.prometheus;

/** The Prometheus that is open. @throws {Error} where none is */
export async function currentPrometheus(): Promise<Prometheus> {
  const opened = await running?.opened.catch(() => undefined);
  if (opened) return opened.prometheus;
  throw new Error('no Prometheus is open: run the cell of section 6 that opens it');
}

/** Ends what the lesson has started; a stack that it has joined runs on. */
export async function closePrometheus(): Promise<void> {
  const ending = running?.opened;
  running = undefined;
  await (await ending?.catch(() => undefined))?.prometheus.stop();
}

/** Waits until Alertmanager has told that an alert fires, or that it is resolved. @throws {Error} after 80 s */
export const waitForNotification = (
  stack: Stack,
  alert: string,
  status: NotifiedAlert['status'] = 'firing',
): Promise<Notification> => stack.notifications.waitFor(alert, status, CELL_MS);

/** The last notifications, newest first. */
export async function readNotifications(stack: Stack, limit = 10): Promise<Columns> {
  const all = [...(await stack.notifications.list())].reverse();
  const rows = all.flatMap(({ receivedAt, receiver, alerts }) =>
    alerts.map(({ status, alert, severity, summary, description }) => ({
      'Arrived (UTC)': receivedAt.slice(11, 19),
      Status: status,
      Alert: alert,
      Severity: severity,
      'For the Receiver': receiver,
      'What It Says': `${summary}. ${description}`,
    })),
  );
  return rows.length > 0 ? toColumns(rows.slice(0, limit)) : { Notifications: ['none has arrived yet'] };
}

/** Walks the chain from the service to the notification: each link, what it was found to be, and what mends it. */
export async function readChain({ port }: Server, stack?: Stack): Promise<Columns> {
  const known = await stack?.status();
  const links = await checkChain({ ...known, target: `127.0.0.1:${port}`, token: config.METRICS_TOKEN });
  return toColumns(
    links.map(({ link, state, found, cure }) => ({
      Link: link,
      State: state,
      'What Was Found': found,
      'What Mends It': cure,
    })),
  );
}

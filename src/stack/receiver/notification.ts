import { invalidOption } from '../../m2_3_monitoring/errors/index.js';

/** An alert as Alertmanager tells of it. */
export interface NotifiedAlert {
  alert: string;
  status: 'firing' | 'resolved';
  severity: string;
  summary: string;
  description: string;
  labels: Record<string, string>;
  /** When it began to fire, as an ISO time. */
  startsAt: string;
}

/** One message of Alertmanager: alerts that are grouped for one receiver. */
export interface Notification {
  /** ISO time. */
  receivedAt: string;
  /** The receiver's name in monitoring/alertmanager.yml. */
  receiver: string;
  /** `firing` while one of its alerts fires. */
  status: 'firing' | 'resolved';
  /** What its alerts have in common by `group_by`. */
  groupLabels: Record<string, string>;
  alerts: NotifiedAlert[];
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MAX_TEXT = 1000;
/** A line stays a line, and a terminal is not steered by a label. */
const oneLine = (value: unknown) =>
  (typeof value === 'string' ? value : '').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, MAX_TEXT);

const texts = (value: unknown): Record<string, string> =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, text]) => [oneLine(key), oneLine(text)])) : {};

function statusOf(value: unknown): 'firing' | 'resolved' {
  if (value === 'firing' || value === 'resolved') return value;
  throw invalidOption('status', 'firing or resolved', value);
}

function parseAlert(value: unknown): NotifiedAlert {
  if (!isObject(value) || !isObject(value.labels)) throw invalidOption('alerts', 'objects with labels', value);
  const labels = texts(value.labels);
  const { summary = '', description = '' } = texts(value.annotations);
  const { alertname: alert = 'unnamed', severity = 'no severity' } = labels;
  const status = statusOf(value.status);
  return { alert, status, severity, summary, description, labels, startsAt: oneLine(value.startsAt) };
}

/** Reads the JSON of Alertmanager's webhook. @throws {TypeError} where it is something else */
export function parseWebhook(body: unknown, receivedAt: string): Notification {
  if (!isObject(body) || !Array.isArray(body.alerts)) throw invalidOption('alerts', 'a list', body);
  return {
    receivedAt,
    receiver: oneLine(body.receiver),
    status: statusOf(body.status),
    groupLabels: texts(body.groupLabels),
    alerts: body.alerts.map(parseAlert),
  };
}

/** A line for a person: `firing HighErrorRate (critical): Error rate above 5%. …`. */
export const describeAlert = ({ status, alert, severity, summary, description }: NotifiedAlert): string =>
  `${status} ${alert} (${severity}): ${[summary, description].filter(Boolean).join('. ')}`;

import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { formatDuration } from '../../prometheus/duration.js';
import { REPOSITORY } from '../process/repository.js';

/** What differs between the committed `monitoring/alertmanager.yml` and an Alertmanager on this machine. */
export interface AlertmanagerAdaptation {
  /** Every receiver notifies this address too. */
  webhookUrl: string;
  /** The bearer token that the webhook asks for. */
  webhookToken: string;
  /** How long alerts are collected into one notification, in seconds. Default: as committed. */
  intervalSeconds?: number;
}

interface Route {
  group_wait?: string;
  group_interval?: string;
  routes?: Route[];
}

function shorten(route: Route, interval: string): void {
  for (const name of ['group_wait', 'group_interval'] as const) if (route[name]) route[name] = interval;
  for (const child of route.routes ?? []) shorten(child, interval);
}

/** A file beside the committed configuration is still found from where the adapted one lies. */
function resolveFiles(value: unknown, folder: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value as Record<string, unknown>)) {
    if (key.endsWith('_file') && typeof child === 'string' && !isAbsolute(child))
      (value as Record<string, unknown>)[key] = join(folder, child);
    else resolveFiles(child, folder);
  }
}

/** The committed `monitoring/alertmanager.yml` with a webhook added, and waits and paths replaced. */
export function adaptedAlertmanagerConfig({
  webhookUrl,
  webhookToken,
  intervalSeconds,
}: AlertmanagerAdaptation): string {
  const folder = join(REPOSITORY, 'monitoring');
  const config = parse(readFileSync(join(folder, 'alertmanager.yml'), 'utf8'));
  if (intervalSeconds !== undefined) shorten(config.route, formatDuration(intervalSeconds));
  resolveFiles(config, folder);
  const http_config = { authorization: { credentials: webhookToken } };
  const webhook = { url: webhookUrl, send_resolved: true, http_config };
  for (const receiver of config.receivers) receiver.webhook_configs = [...(receiver.webhook_configs ?? []), webhook];
  return stringify(config);
}

import { type Dashboard, startDashboard } from '../page/index.js';
import type { Stack } from '../stack/index.js';

let page: { stack: Stack; dashboard: Promise<Dashboard> } | undefined;

/**
 * The address of the dashboard page. The process that runs the stack serves it, as `npm start` does; where none does, the
 * kernel serves it itself. `?from=now-15m&refresh=5s` chooses what is shown.
 */
export async function openDashboard(stack: Stack): Promise<string> {
  const { dashboardUrl } = await stack.status();
  if (dashboardUrl) return dashboardUrl;
  if (page?.stack !== stack) {
    await closeDashboard();
    const urls = { prometheusUrl: stack.prometheus.url, alertmanagerUrl: stack.alertmanager.url };
    page = { stack, dashboard: startDashboard(urls) };
  }
  return (await page.dashboard).url;
}

/** Ends the page that the kernel serves, if it does. */
export async function closeDashboard(): Promise<void> {
  const ending = page?.dashboard;
  page = undefined;
  await (await ending?.catch(() => undefined))?.close();
}

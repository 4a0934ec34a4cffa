import type { Panel, PanelRequest, PrometheusData, QueryScope, Series } from '../dashboard/types.js';
import { panelRequests } from './panel-requests.js';
import { toSeries } from './to-series.js';

/** Sends a request to Prometheus' HTTP API and gives `data` of its answer. */
export type Ask = (request: PanelRequest) => Promise<PrometheusData>;

/** Asks for what a panel shows. */
export async function readPanel(panel: Panel, scope: QueryScope, ask: Ask): Promise<Series[]> {
  const answers = panelRequests(panel, scope).map(async (request) => ({ request, data: await ask(request) }));
  return toSeries(panel, await Promise.all(answers));
}

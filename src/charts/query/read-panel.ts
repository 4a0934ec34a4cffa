import type { PrometheusClient } from '../../prometheus/client.js';
import type { QueryData } from '../../prometheus/query-data.js';
import { PrometheusError } from '../../prometheus/request.js';
import type { Panel, PanelRequest, Series } from '../dashboard/types.js';
import { toSeries } from './to-series.js';

/** What a panel shows. */
export interface PanelData {
  /** In the order of the queries. */
  series: Series[];
  /** What Prometheus remarks on its answers. */
  warnings: string[];
}

/** Where a panel has several queries, an error names the one that it is about. */
const named = (error: unknown, { refId }: PanelRequest, isOnly: boolean) =>
  error instanceof PrometheusError && !isOnly
    ? new PrometheusError(`Query ${refId}: ${error.message}`, error.errorType)
    : error;

/** Sends the requests of a panel to Prometheus, and reads the answers. @throws {PrometheusError} where one of its queries has no answer */
export async function readPanel(
  panel: Panel,
  requests: PanelRequest[],
  { ask }: Pick<PrometheusClient, 'ask'>,
): Promise<PanelData> {
  const answers = await Promise.all(
    requests.map(async (request) => {
      try {
        return { request, ...(await ask<QueryData>(request.path, request.parameters)) };
      } catch (error) {
        throw named(error, request, requests.length === 1);
      }
    }),
  );
  return { series: toSeries(panel, answers), warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))] };
}

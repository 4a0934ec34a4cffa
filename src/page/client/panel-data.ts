import { type Panel, type PanelRequest, type PrometheusData, type Series, toSeries } from '../../charts/index.js';
import { ApiError, getText } from './api.js';

/** What Prometheus answered to a panel's queries. */
export interface PanelData {
  series: Series[];
  /** What Prometheus remarks on its answers. */
  warnings: string[];
  durationMs: number;
  /** The same for the same requests with the same answers. */
  key: string;
}

interface Answer {
  data: PrometheusData;
  warnings?: string[];
}

async function ask({ path, refId, parameters }: PanelRequest, isOnly: boolean, signal: AbortSignal): Promise<string> {
  try {
    return await getText(`prometheus/api/v1/${path}`, signal, new URLSearchParams(parameters));
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem !== 'query' || isOnly) throw error;
    throw new ApiError('query', `Query ${refId}: ${error.message}`);
  }
}

/** @throws {ApiError} where one of its queries has no answer */
export async function loadPanelData(panel: Panel, requests: PanelRequest[], signal: AbortSignal): Promise<PanelData> {
  const startedMs = performance.now();
  const texts = await Promise.all(requests.map((request) => ask(request, requests.length === 1, signal)));
  const answers = texts.map((text) => JSON.parse(text) as Answer);
  const durationMs = performance.now() - startedMs;
  const series = toSeries(
    panel,
    answers.map(({ data }, index) => ({ request: requests[index] as PanelRequest, data })),
  );
  const warnings = [...new Set(answers.flatMap((answer) => answer.warnings ?? []))];
  return { series, warnings, durationMs, key: JSON.stringify([requests, texts]) };
}

/** Whether there is anything to draw. */
export const hasValues = ({ series }: PanelData): boolean =>
  series.some(({ points }) => points.some(([, value]) => value !== null));

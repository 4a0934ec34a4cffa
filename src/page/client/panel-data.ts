import { type PanelData as Answered, type Panel, type PanelRequest, readPanel } from '../../charts/index.js';
import { prometheusFor } from './api.js';

/** What Prometheus answered to a panel's queries. */
export interface PanelData extends Answered {
  durationMs: number;
  /** The same for the same requests with the same answers. */
  key: string;
}

/** @throws {PrometheusError} where one of its queries has no answer */
export async function loadPanelData(panel: Panel, requests: PanelRequest[], signal: AbortSignal): Promise<PanelData> {
  const startedMs = performance.now();
  const answered = await readPanel(panel, requests, prometheusFor(signal));
  const durationMs = performance.now() - startedMs;
  return { ...answered, durationMs, key: JSON.stringify([requests, answered]) };
}

/** Whether there is anything to draw. */
export const hasValues = ({ series }: PanelData): boolean =>
  series.some(({ points }) => points.some(([, value]) => value !== null));

/**
 * What a panel asks Prometheus for, and what it is answered.
 *
 * In: panels, variables, a time range.
 * Out: requests to Prometheus, and series from its answers.
 * Must not know: how they are drawn.
 *
 * @module
 */

import { formatDuration } from '../../prometheus/duration.js';
import type { Panel, PanelRequest, QueryScope, Target } from '../dashboard/types.js';
import { type QueryInterval, queryInterval } from './interval.js';
import { fillIn } from './variables.js';

/** Grafana's own variables. */
function builtIns({ range }: QueryScope, { stepSeconds, rateIntervalSeconds }: QueryInterval): Record<string, string> {
  const rangeSeconds = range.toSeconds - range.fromSeconds;
  return {
    __interval: formatDuration(stepSeconds),
    __interval_ms: String(Math.round(stepSeconds * 1000)),
    __rate_interval: formatDuration(rateIntervalSeconds),
    __rate_interval_ms: String(Math.round(rateIntervalSeconds * 1000)),
    __range: `${Math.round(rangeSeconds)}s`,
    __range_s: String(Math.round(rangeSeconds)),
    __range_ms: String(Math.round(rangeSeconds * 1000)),
    __from: String(Math.round(range.fromSeconds * 1000)),
    __to: String(Math.round(range.toSeconds * 1000)),
  };
}

/** The end of the step that a time lies in. Both ends of a range are moved back to a step, so that a refresh asks for the same points. */
const alignDown = (seconds: number, stepSeconds: number) =>
  Number((Math.floor(seconds / stepSeconds + 1e-9) * stepSeconds).toFixed(3));

const isInstant = ({ instant }: Target) => instant === true;
const isRange = ({ instant, range }: Target) => range === true || !instant;

function targetRequests(panel: Panel, target: Target, refId: string, scope: QueryScope): PanelRequest[] {
  const interval = queryInterval(panel, target, scope);
  const query = fillIn(target.expr ?? '', { ...scope.variables, ...builtIns(scope, interval) });
  const { stepSeconds } = interval;
  const requests: PanelRequest[] = [];
  if (isRange(target)) {
    const start = String(alignDown(scope.range.fromSeconds, stepSeconds));
    const end = String(alignDown(scope.range.toSeconds, stepSeconds));
    requests.push({ refId, path: 'query_range', parameters: { query, start, end, step: String(stepSeconds) } });
  }
  if (isInstant(target))
    requests.push({ refId, path: 'query', parameters: { query, time: String(scope.range.toSeconds) } });
  return requests;
}

/** What Grafana's Prometheus data source asks for a panel, in the order of its queries; hidden ones are left out. */
export function panelRequests(panel: Panel, scope: QueryScope): PanelRequest[] {
  return (panel.targets ?? []).flatMap((target, index) =>
    target.hide || !target.expr?.trim()
      ? []
      : targetRequests(panel, target, target.refId ?? String.fromCharCode(65 + index), scope),
  );
}

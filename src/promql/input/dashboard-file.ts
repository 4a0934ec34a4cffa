/**
 * Files that hold queries.
 *
 * In: a dashboard or a rule file.
 * Out: its queries, and where they stand.
 * Must not know: what they mean.
 *
 * @module
 */

import type { LocatedExpression } from './located.js';

interface Target {
  expr?: unknown;
  refId?: string;
}

interface Panel {
  title?: string;
  targets?: Target[];
  panels?: Panel[];
}

interface Named {
  name?: string;
  expr?: unknown;
  query?: unknown;
  definition?: unknown;
}

interface Dashboard {
  panels?: Panel[];
  /** Before Grafana 5. */
  rows?: { panels?: Panel[] }[];
  templating?: { list?: Named[] };
  annotations?: { list?: (Named & { target?: Target })[] };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function inPanel({ title = 'without a title', targets = [], panels = [] }: Panel): LocatedExpression[] {
  const asked = targets.filter(({ expr }) => isText(expr));
  const own = asked.map(({ expr, refId }) => ({
    where: `panel "${title}"${asked.length > 1 && refId ? ` ${refId}` : ''}`,
    expr: String(expr),
    isAlert: false,
  }));
  // A collapsed row keeps its panels within itself.
  return [...own, ...panels.flatMap(inPanel)];
}

/** The PromQL in a variable's query, which is of Grafana's own functions; a label's name is asked for by grouping by it. */
function promqlOfVariable(query: string): string | undefined {
  const [, result] = /^\s*query_result\s*\(([\s\S]*)\)\s*$/.exec(query) ?? [];
  if (result) return result;
  const [, selector, label] = /^\s*label_values\s*\(([\s\S]+),\s*(\w+)\s*\)\s*$/.exec(query) ?? [];
  return selector && label ? `group by (${label}) (${selector})` : undefined;
}

function inVariable({ name = '', query }: Named): LocatedExpression[] {
  const text = isText(query) ? query : (query as { query?: unknown } | undefined)?.query;
  const expr = isText(text) ? promqlOfVariable(text) : undefined;
  return expr ? [{ where: `variable ${name}`, expr, isAlert: false }] : [];
}

function inAnnotation({ name = '', expr, target }: Named & { target?: Target }): LocatedExpression[] {
  const asked = expr ?? target?.expr;
  return isText(asked) ? [{ where: `annotation "${name}"`, expr: asked, isAlert: false }] : [];
}

/** The expressions of a dashboard in Grafana's classic JSON, also as its API wraps it; undefined where it is none. */
export function expressionsOfDashboard(json: unknown): LocatedExpression[] | undefined {
  const wrapped = (json as { dashboard?: unknown } | null)?.dashboard ?? json;
  const { panels, rows, templating, annotations } = (wrapped ?? {}) as Dashboard;
  if (!Array.isArray(panels) && !Array.isArray(rows)) return undefined;
  const all = [...(panels ?? []), ...(rows ?? []).flatMap((row) => row.panels ?? [])];
  return [
    ...all.flatMap(inPanel),
    ...(templating?.list ?? []).flatMap(inVariable),
    ...(annotations?.list ?? []).flatMap(inAnnotation),
  ];
}

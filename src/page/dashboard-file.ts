import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** The text of a dashboard, or one line that says why there is none. */
export type DashboardText = { text: string } | { problem: string };

/** "line 3: Unexpected token", from the position that a parser names. */
function whereAndWhat(text: string, { message }: Error): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  const what = message.replace(/ ?(in JSON )?at position \d+.*$/s, '');
  if (position === undefined) return what;
  return `line ${text.slice(0, Number(position)).split('\n').length}: ${what}`;
}

function problemOf(text: string): string | undefined {
  let dashboard: unknown;
  try {
    dashboard = JSON.parse(text);
  } catch (error) {
    return `is no JSON (${whereAndWhat(text, error as Error)}): mend it, then reload this page`;
  }
  const { panels, spec } = (dashboard ?? {}) as Record<string, unknown>;
  if (Array.isArray(panels)) return undefined;
  if (spec) return 'is in the newer schema of Grafana (v2): export it as classic JSON';
  return 'is no dashboard of Grafana: it has no list "panels"';
}

/** Reads the dashboard afresh, so that an edit shows on reload. */
export async function readDashboard(file: string): Promise<DashboardText> {
  const name = basename(file);
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: `${name} cannot be read (${code}): npm run generate writes it anew` };
  }
  const problem = problemOf(text);
  return problem ? { problem: `${name} ${problem}` } : { text };
}

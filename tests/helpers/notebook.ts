import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { inRepository, knownTools, REPOSITORY } from './repository.js';

export interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
}

export interface Cell {
  id: string;
  cell_type: 'code' | 'markdown';
  metadata: { tags?: string[] };
  source: string | string[];
  outputs?: Output[];
  execution_count?: number | null;
}

export const NOTEBOOK = inRepository('notebooks/M2_3_Production_Monitoring_Dashboard.ipynb');

export const joined = (text: string | string[] = '') => (Array.isArray(text) ? text.join('') : text);

export const readCells = (path: string): Cell[] => JSON.parse(readFileSync(path, 'utf8')).cells;

/** Runs a notebook with the harness `execute.py`; see there. */
export async function executeNotebook(
  source: string,
  target: string,
  passes: number,
  env: Record<string, string> = {},
) {
  const python = knownTools().jupyterPython ?? 'python3';
  const args = [inRepository('tests/notebook/execute.py'), source, target, String(passes)];
  const { stdout } = await promisify(execFile)(python, args, { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as { problems: string[]; seconds: number };
}

// What differs from run to run and from machine to machine, and says nothing.
const VOLATILE: [pattern: RegExp, instead: string][] = [
  [/<figure[\s\S]*?<\/figure>/g, 'PICTURE'],
  [new RegExp(`${REPOSITORY}/`, 'g'), ''],
  [/(?:127\.0\.0\.1|localhost):\d+/g, 'HOST:PORT'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIMESTAMP'],
  [/"user_id":"[0-9a-f]{16}"/g, '"user_id":"HASH"'],
  [/"stack_trace":"[^"]*"/g, '"stack_trace":"STACK"'],
  [/\b\d+(\.\d+)? ?(ms|s)\b/g, 'DURATION'],
  [/port \d+/g, 'port PORT'],
];

/** The outputs of a cell as text in which only what matters is left; a cell tagged `live` shows numbers of the moment. */
export function comparable({ outputs = [], metadata }: Cell): string {
  const text = outputs
    .map(
      ({ text, data }) =>
        joined(text) +
        Object.values(data ?? {})
          .map(joined)
          .join('\n'),
    )
    .join('\n');
  const stable = VOLATILE.reduce((result, [pattern, instead]) => result.replace(pattern, instead), text);
  if (!metadata.tags?.includes('live')) return stable;
  // 1h10m and 1h10m45s are two forms of the same.
  return stable.replace(/\b(?:\d+[dhms])+\b/g, 'DURATION').replace(/\d[\d.,]*(e[+-]?\d+)?/g, 'NUMBER');
}

import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import { REPOSITORY } from './repository.js';

export type Tool = 'prometheus' | 'promtool' | 'alertmanager' | 'amtool';

/** Debian calls Alertmanager by another name. */
const OTHER_NAMES: Partial<Record<Tool, string>> = { alertmanager: 'prometheus-alertmanager' };

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installedTool(tool: Tool): string | undefined {
  const list = join(REPOSITORY, '.cache/tools.json');
  const path = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Record<string, string>)[tool] : undefined;
  return path !== undefined && isExecutable(path) ? path : undefined;
}

/** Absolute path of a program of the Prometheus project: the one that set-up found or installed, else the one on PATH. */
export function findTool(tool: Tool): string | undefined {
  const names = [tool, OTHER_NAMES[tool]].filter((name) => name !== undefined);
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return installedTool(tool) ?? onPath.find(isExecutable);
}

/** As `findTool`. @throws {CodedError} `ERR_TOOL_MISSING` */
export function requireTool(tool: Tool): string {
  const path = findTool(tool);
  if (path) return path;
  throw new CodedError(
    `${tool} is not on this machine: "npm run setup" in the project's folder installs it`,
    'ERR_TOOL_MISSING',
  );
}

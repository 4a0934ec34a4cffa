import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseExposition } from '../../prometheus/exposition.js';
import { isReady, requestText } from '../../prometheus/request.js';
import type { StackPaths } from '../config/stack-folder.js';
import { webConfigFile } from '../config/web-config.js';
import { configFiles } from '../config/write-configs.js';
import { type Child, startChild } from '../process/child.js';
import { requireTool } from '../process/find-tool.js';
import { logFile } from '../process/log-file.js';
import { type Supervised, supervise } from '../process/supervise.js';
import { waitUntil } from '../process/wait-until.js';

export type Program = 'prometheus' | 'alertmanager';

interface ProcessOptions {
  paths: StackPaths;
  port: number;
  /** The address that it is reached at, and that it names in its links. */
  url: string;
  report: (line: string) => void;
  onChange: () => void;
}

const ARGUMENTS: Record<Program, (options: ProcessOptions) => string[]> = {
  prometheus: ({ paths: { folder, prometheus }, port, url }) => [
    `--config.file=${configFiles(folder).prometheus}`,
    `--storage.tsdb.path=${prometheus}`,
    // A history that was generated is part of the lesson: size bounds the folder, and not age.
    '--storage.tsdb.retention.time=100y',
    '--storage.tsdb.retention.size=1GB',
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.config.file=${webConfigFile(folder)}`,
    `--web.external-url=${url}/`,
    // No --web.enable-lifecycle, by which a page could end Prometheus: a signal makes it read its configuration again.
    '--web.cors.origin=https?://(127\\.0\\.0\\.1|localhost)(:\\d+)?',
  ],
  alertmanager: ({ paths: { folder, alertmanager }, port, url }) => [
    `--config.file=${configFiles(folder).alertmanager}`,
    `--storage.path=${alertmanager}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.config.file=${webConfigFile(folder)}`,
    `--web.external-url=${url}/`,
    // There is only one; without this it listens for others on every address.
    '--cluster.listen-address=',
  ],
};

/** What each says once it serves: another program may have been faster at its port, and answers there. */
const READY: Record<Program, RegExp> = {
  prometheus: /Server is ready to receive web requests/,
  alertmanager: /Listening on/,
};

/** Debian's Prometheus does not lock its data by default, as every other does: two on one folder destroy it. */
export function lockFlags(prometheus: string): string[] {
  const flag = '--storage.tsdb.use-lockfile';
  const { stdout, stderr } = spawnSync(prometheus, ['--help'], { encoding: 'utf8' });
  return `${stdout}${stderr}`.includes(flag) ? [flag] : [];
}

export const PROGRAM_NAMES: Record<Program, string> = { prometheus: 'Prometheus', alertmanager: 'Alertmanager' };

/** Debian's Alertmanager, unpacked inside the project, finds its templates in the folder in which it is started. */
function workingFolder(command: string, { folder }: StackPaths): string {
  const templates = join(dirname(command), '../share/prometheus/alertmanager');
  return existsSync(templates) ? templates : folder;
}

/** Starts a program of the stack under supervision. @throws {CodedError} `ERR_TOOL_MISSING` */
export function superviseProgram(program: Program, processOptions: ProcessOptions): Supervised {
  const { paths, url, report, onChange } = processOptions;
  const command = requireTool(program);
  const { append } = logFile(join(paths.logs, `${program}.log`));
  const options = { cwd: workingFolder(command, paths), onOutput: append };
  const args = [...ARGUMENTS[program](processOptions), ...(program === 'prometheus' ? lockFlags(command) : [])];
  const launch = (): Child => startChild(command, args, options);
  const isOurs = async (child: Child) => READY[program].test(child.output()) && (await isReady(url));
  return supervise({ name: PROGRAM_NAMES[program], launch, isReady: isOurs, report, onChange });
}

/** When a program last took its configuration, in seconds since 1970. */
async function lastReload(program: Program, url: string): Promise<number> {
  const { samples } = parseExposition(await requestText(`${url}/metrics`, { timeoutMs: 5000 }));
  const wanted = `${program}_config_last_reload_success_timestamp_seconds`;
  return samples.find(({ name }) => name === wanted)?.value ?? Number.NaN;
}

/** Makes a program read its configuration again, and waits until it has. */
export async function reloadProgram(program: Program, url: string, { status }: Supervised): Promise<void> {
  const { pid } = status();
  if (pid === undefined) return; // it reads it when it is started again
  const before = await lastReload(program, url);
  process.kill(pid, 'SIGHUP');
  await waitUntil(
    `${PROGRAM_NAMES[program]} takes its configuration`,
    async () => (await lastReload(program, url)) > before,
  );
}

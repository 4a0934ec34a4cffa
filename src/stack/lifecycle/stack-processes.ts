import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseExposition } from '../../prometheus/exposition.js';
import { isReady, requestText } from '../../prometheus/request.js';
import type { StackPaths } from '../config/stack-folder.js';
import { configFiles } from '../config/write-configs.js';
import { type Child, startChild } from '../process/child.js';
import { requireTool } from '../process/find-tool.js';
import { logFile } from '../process/log-file.js';
import { type Supervised, supervise } from '../process/supervise.js';
import { waitUntil } from '../process/wait-until.js';

type Program = 'prometheus' | 'alertmanager';

interface ProcessOptions {
  paths: StackPaths;
  port: number;
  report: (line: string) => void;
  onChange: () => void;
}

const ARGUMENTS: Record<Program, (paths: StackPaths, port: number) => string[]> = {
  prometheus: ({ folder, prometheus }, port) => [
    `--config.file=${configFiles(folder).prometheus}`,
    `--storage.tsdb.path=${prometheus}`,
    // Past data, written by hand, is part of the lesson: size bounds the folder, and not age.
    '--storage.tsdb.retention.time=100y',
    '--storage.tsdb.retention.size=1GB',
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=http://127.0.0.1:${port}/`,
    // A page of the internet in a browser of this machine reads nothing. For the same reason no --web.enable-lifecycle:
    // any page could then end Prometheus. A signal makes it read its configuration again.
    '--web.cors.origin=https?://(127\\.0\\.0\\.1|localhost)(:\\d+)?',
  ],
  alertmanager: ({ folder, alertmanager }, port) => [
    `--config.file=${configFiles(folder).alertmanager}`,
    `--storage.path=${alertmanager}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=http://127.0.0.1:${port}/`,
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

const NAMES: Record<Program, string> = { prometheus: 'Prometheus', alertmanager: 'Alertmanager' };

/** Debian's Alertmanager, unpacked inside the project, finds its templates in the folder in which it is started. */
function workingFolder(command: string, { folder }: StackPaths): string {
  const templates = join(dirname(command), '../share/prometheus/alertmanager');
  return existsSync(templates) ? templates : folder;
}

/** Starts a program of the stack under supervision. @throws {ToolMissingError} */
export function superviseProgram(program: Program, { paths, port, report, onChange }: ProcessOptions): Supervised {
  const command = requireTool(program);
  const { append } = logFile(join(paths.logs, `${program}.log`));
  const options = { cwd: workingFolder(command, paths), onOutput: append };
  const args = [...ARGUMENTS[program](paths, port), ...(program === 'prometheus' ? lockFlags(command) : [])];
  const launch = (): Child => startChild(command, args, options);
  const url = `http://127.0.0.1:${port}`;
  const isOurs = async (child: Child) => READY[program].test(child.output()) && (await isReady(url));
  return supervise({ name: NAMES[program], launch, isReady: isOurs, report, onChange });
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
  await waitUntil(`${NAMES[program]} takes its configuration`, async () => (await lastReload(program, url)) > before);
}

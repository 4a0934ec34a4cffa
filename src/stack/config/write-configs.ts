/**
 * The configuration of a stack on this machine.
 *
 * In: the committed configuration.
 * Out: the same with other hosts, intervals and paths.
 * Must not know: processes.
 *
 * @module
 */

import { execFile } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import { requireTool, type Tool } from '../process/find-tool.js';
import { type AlertmanagerAdaptation, adaptedAlertmanagerConfig } from './alertmanager-config.js';
import { type Adaptation, adaptedConfig } from './prometheus-config.js';
import { inFolder } from './stack-folder.js';

const run = promisify(execFile);

/** Where the adapted configurations lie in a stack's folder. */
export const configFiles = (folder: string) => ({
  prometheus: join(folder, 'prometheus.yml'),
  alertmanager: join(folder, 'alertmanager.yml'),
});

const CHECKERS: Record<'prometheus' | 'alertmanager', [Tool, string[]]> = {
  prometheus: ['promtool', ['check', 'config']],
  alertmanager: ['amtool', ['check-config']],
};

/** The first complaint of promtool or amtool. */
function complaintIn(output: string): string {
  const complaint = output.split('FAILED:')[1] ?? output;
  return complaint.trim().split('\n\n')[0]?.replace(/\s+/g, ' ').slice(0, 400) ?? '';
}

/** Writes a configuration over the present one, but only if its program would take it. */
async function replaceConfig(folder: string, program: 'prometheus' | 'alertmanager', text: string): Promise<void> {
  const file = configFiles(folder)[program];
  const aside = `${file}.new`;
  const [tool, args] = CHECKERS[program];
  inFolder(folder, () => writeFileSync(aside, text, { mode: 0o600 }));
  try {
    await run(requireTool(tool), [...args, aside], { timeout: 30_000 });
  } catch (cause) {
    rmSync(aside, { force: true });
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const complaint = complaintIn(`${stderr}${stdout}`).replaceAll(aside, file);
    throw new CodedError(`${tool} refuses the configuration: ${complaint}`, 'ERR_STACK_PROCESS', { cause });
  }
  inFolder(folder, () => renameSync(aside, file));
}

/**
 * Adapts the committed configurations, checks them, and writes them into a stack's folder.
 * @throws {CodedError} `ERR_STACK_PROCESS` with the first complaint; what was there before then stays
 */
export async function writeConfigs(
  folder: string,
  webhook: Pick<AlertmanagerAdaptation, 'webhookUrl' | 'webhookToken'>,
  adaptation: Adaptation,
): Promise<void> {
  const { intervalSeconds } = adaptation;
  await Promise.all([
    replaceConfig(folder, 'prometheus', adaptedConfig(adaptation)),
    replaceConfig(folder, 'alertmanager', adaptedAlertmanagerConfig({ ...webhook, intervalSeconds })),
  ]);
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTool, type Tool } from './find-tool.js';

const run = promisify(execFile);

/** What this machine can run the monitoring stack with. */
export type Engine = 'docker' | 'native' | 'none';

/** Whether a Docker engine answers. */
export async function hasDockerEngine(): Promise<boolean> {
  try {
    const { stdout } = await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 5000 });
    return stdout.trim() !== '';
  } catch {
    return false;
  }
}

const PROGRAMS: Tool[] = ['prometheus', 'promtool', 'alertmanager', 'amtool'];

/** Whether Prometheus, Alertmanager and their checkers are programs of this machine. */
export const hasStackPrograms = (): boolean => PROGRAMS.every((program) => findTool(program) !== undefined);

/** Docker where an engine answers, else Prometheus as a program of this machine, else nothing. */
export async function detectEngine(): Promise<Engine> {
  if (await hasDockerEngine()) return 'docker';
  return hasStackPrograms() ? 'native' : 'none';
}

import { spawnSync } from 'node:child_process';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { hasDockerEngine, REPOSITORY } from '../stack/index.js';

const COMPOSE = ['compose', '-f', 'docker-compose.monitoring.yml'];
const COMMANDS: Record<string, string[]> = { start: ['up', '-d'], status: ['ps'], stop: ['down'] };

/** A command of the stack by Docker Compose. Gives the exit status. */
export async function runCompose(command: string): Promise<number> {
  const args = COMMANDS[command];
  if (!args)
    throw new CodedError(`--docker: there is no "${command}" with Docker; "stop" and start again`, 'ERR_USAGE');
  if (!(await hasDockerEngine()))
    throw new CodedError(
      'no Docker engine answers: start Docker, or leave --docker out (npm run stack)',
      'ERR_NO_DOCKER',
    );
  return spawnSync('docker', [...COMPOSE, ...args], { cwd: REPOSITORY, stdio: 'inherit' }).status ?? 1;
}

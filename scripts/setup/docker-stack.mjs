import { spawnSync } from 'node:child_process';
import { ROOT, SetupError } from './run.mjs';
import { loadStack } from './stack.mjs';

const COMPOSE = ['compose', '-f', 'docker-compose.monitoring.yml'];
const COMMANDS = { start: ['up', '-d'], status: ['ps'], stop: ['down'] };

/** The same stack by Docker Compose; gives the exit status. */
export async function runCompose(command) {
  const { hasDockerEngine } = await loadStack();
  if (!COMMANDS[command])
    throw new SetupError(`--docker: there is no "${command}" with Docker; "stop" and start again`);
  if (!(await hasDockerEngine()))
    throw new SetupError('no Docker engine answers: start Docker, or leave --docker out (npm run stack)');
  const { status } = spawnSync('docker', [...COMPOSE, ...COMMANDS[command]], { cwd: ROOT, stdio: 'inherit' });
  return status ?? 1;
}

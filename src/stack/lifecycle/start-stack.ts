/**
 * Starting, finding and ending a stack.
 *
 * In: options of a stack.
 * Out: a stack that runs, in this process or in another.
 * Must not know: the dashboard page, the lesson.
 *
 * @module
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import { prepareFolder, stackPaths } from '../config/stack-folder.js';
import { clearStaleState, joinStack, runningState } from './running-stack.js';
import type { Stack } from './stack.js';
import { assertStackOptions, type StackOptions } from './stack-options.js';
import { startSupervisedStack } from './supervised-stack.js';

/** How long a stack that another process is just starting is waited for. */
const STARTS_WITHIN_MS = 60_000;

/**
 * Starts Prometheus and Alertmanager with the committed configuration, in which only hosts, intervals and paths are
 * replaced, and keeps them running. Where a stack runs in the folder already, it is returned.
 * @throws {CodedError} `ERR_TOOL_MISSING` where a program is not on this machine
 * @throws {CodedError} `ERR_STACK_…` in a line with the remedy
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  assertStackOptions(options);
  const { report = () => undefined } = options;
  const paths = stackPaths(options.folder);
  prepareFolder(paths);
  let portsLost = 0;
  const deadline = Date.now() + STARTS_WITHIN_MS;
  while (Date.now() < deadline) {
    const running = await runningState(paths);
    if (running && running.target !== options.target) {
      const message = `the stack in ${paths.folder} watches ${running.target} (process ${running.pid}): end it with "npm run stack -- stop", or set STACK_FOLDER`;
      throw new CodedError(message, 'ERR_STACK_ELSEWHERE');
    }
    if (running?.ready) return joinStack(paths, running);
    if (running) await sleep(100);
    else {
      await clearStaleState(paths, report);
      const stack = await startSupervisedStack(paths, options).catch((error: CodedError) => {
        // Between the choice of a port and its use another program may take it: others are chosen.
        portsLost += 1;
        if (error.code !== 'ERR_PORT_IN_USE' || portsLost > 3) throw error;
        return undefined;
      });
      if (stack) return stack;
    }
  }
  throw new CodedError(
    `another process has been starting the stack in ${paths.folder} for a minute: "npm run stack -- stop" ends that`,
    'ERR_STACK_PROCESS',
  );
}

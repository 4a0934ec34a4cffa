import { type ChildProcess, execFile } from 'node:child_process';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { requireTool } from '../stack/index.js';

const running = new Set<ChildProcess>();
let isWatched = false;

function endAll(): void {
  for (const child of running) child.kill();
}

/** Nothing goes on behind the back of a process that has ended, whatever ended it. */
function endWithProcess(child: ChildProcess): void {
  if (!isWatched) process.once('exit', endAll);
  isWatched = true;
  running.add(child);
  child.once('close', () => running.delete(child));
}

/**
 * Runs promtool, and gives what it prints.
 * @throws {CodedError} `ERR_TOOL_MISSING` where it is not on this machine
 * @throws {CodedError} `ERR_TOOL_FAILED` with the last line of its complaint
 */
export function runPromtool(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 256 * 2 ** 20 };
    const child = execFile(requireTool('promtool'), args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = stderr.trim().split('\n').at(-1) || error.message;
      reject(new CodedError(`promtool failed: ${said}`, 'ERR_TOOL_FAILED'));
    });
    endWithProcess(child);
  });
}

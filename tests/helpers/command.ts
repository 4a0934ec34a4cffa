import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inRepository, REPOSITORY } from './repository.js';

export interface CommandOptions {
  env?: NodeJS.ProcessEnv;
  /** The folder of the project. Default: the repository. */
  root?: string;
}

/** Runs a command of the project to its end, as npm would; `script` is a file of scripts/. */
export const runCommand = (script: string, args: readonly string[], { env, root = REPOSITORY }: CommandOptions = {}) =>
  spawnSync(process.execPath, [join(root, 'scripts', script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

/** Asserts that a command ends with a status and one line on standard error, and prints nothing else. */
export function assertEndsWithLine(
  script: string,
  args: readonly string[],
  { status, line, ...options }: { status: 1 | 2; line: RegExp } & CommandOptions,
): void {
  const ended = runCommand(script, args, options);
  const what = `${script} ${args.join(' ')}`;
  assert.match(ended.stderr.trim(), line, what);
  assert.equal(ended.stderr.trim().split('\n').length, 1, ended.stderr);
  assert.deepEqual([ended.status, ended.stdout], [status, ''], what);
}

/** A command that runs beside the test. */
export interface Started {
  child: ChildProcess;
  output(): string;
  /** Waits until the output matches, and gives the match. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Sends a signal, and gives the exit status. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export function startCommand(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, [inRepository('scripts', script), ...args], {
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const until = async (pattern: RegExp) => {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const match = output.match(pattern);
      if (match) return match;
      assert.equal(child.exitCode, null, `ended early: ${output}`);
      assert.ok(Date.now() < deadline, `${pattern} did not appear in: ${output}`);
      await wait(50);
    }
  };
  const end = async (signal: NodeJS.Signals = 'SIGINT') => {
    const closed = once(child, 'close');
    child.kill(signal);
    return (await closed)[0];
  };
  return { child, output: () => output, until, end };
}

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { Row } from './report.js';

/** What `node --cpu-prof` writes: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  /** Identifiers of the nodes that were running, */
  samples: number[];
  /** and the microseconds before each of them. */
  timeDeltas: number[];
}

const NATIVE = new Map([
  ['(garbage collector)', 'collecting garbage'],
  ['(program)', 'native code and system calls'],
  ['(root)', 'native code and system calls'],
  ['(idle)', 'waiting'],
]);

/** Which part of the program a function belongs to: a package, a file of ours, Node. */
function partOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const native = NATIVE.get(functionName);
  if (native) return native;
  const path = url.replaceAll('\\', '/');
  const [, ofPackage] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (ofPackage) return ofPackage;
  const [, ofOurs] = /^file:.*\/dist\/(?:src\/)?(.*)\.js$/.exec(path) ?? [];
  const [, ofPage] = /^http:\/\/[^/]+\/(.*)$/.exec(path) ?? [];
  return ofOurs ?? ofPage ?? (path === '' ? 'built-in functions' : "Node's own modules");
}

/** Adds to the microseconds that each part of a program takes. */
export function addTimes(parts: Map<string, number>, { nodes, samples, timeDeltas }: CpuProfile): void {
  const partOfNode = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
  samples.forEach((id, index) => {
    const part = partOfNode.get(id) ?? 'unknown';
    parts.set(part, (parts.get(part) ?? 0) + (timeDeltas[index] ?? 0));
  });
}

/** Shares in per cent, the largest first; what is less than one of them, together. */
export function shares(parts: Iterable<[string, number]>, smallest = 2): Row[] {
  const all = [...parts].sort(([, a], [, b]) => b - a);
  const total = all.reduce((sum, [, time]) => sum + time, 0);
  const rows = all.map(([name, time]) => ({ name, value: (100 * time) / total }));
  const shown = rows.filter(({ value }) => value >= smallest);
  const rest = rows.filter(({ value }) => value < smallest).reduce((sum, { value }) => sum + value, 0);
  return rest > 0 ? [...shown, { name: 'the rest', value: rest }] : shown;
}

/**
 * Profiles what is done with Node's options `options`, and says in which parts of the program its time was spent, in per cent.
 * `work` starts Node processes with these options; those of all of them are added up.
 */
export async function profiled(work: (options: string[]) => Promise<unknown>): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'm2_3-profile-'));
  try {
    await work(['--cpu-prof', `--cpu-prof-dir=${folder}`]);
    const parts = new Map<string, number>();
    for (const file of readdirSync(folder)) addTimes(parts, JSON.parse(readFileSync(folder + sep + file, 'utf8')));
    return shares(parts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

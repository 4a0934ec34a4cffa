import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY, readRepositoryFile } from './helpers/repository.js';

// The floors of the house: a file imports from its own room and from rooms on floors further up in these lists, never from its
// own floor or from below. Circles within a room are found by Biome (`noImportCycles`).
const FLOORS: Record<string, string[][]> = {
  config: [
    ['setting.ts', 'environment.ts'],
    ['parse-settings.ts', 'module-settings.ts', 'alert-settings.ts', 'lesson-settings.ts'],
    ['module.ts'],
  ],
  src: [
    ['m2_3_monitoring'],
    ['prometheus', 'loopback'],
    ['charts'],
    ['cli'],
    ['rag', 'stack', 'promql', 'dashboard'],
    ['history', 'page'],
    ['backtest'],
    ['lesson', 'commands'],
  ],
  'src/m2_3_monitoring': [
    ['errors', 'redaction'],
    ['clock', 'interop', 'output', 'pricing', 'series'],
    ['context'],
    ['metrics', 'logging'],
    ['result', 'server'],
    ['provider', 'watch'],
    ['record'],
    ['monitored-query.ts'],
    ['create-monitoring.ts'],
    ['index.ts'],
  ],
  'src/charts': [
    ['dashboard'],
    ['query', 'style'],
    ['fields'],
    ['axes', 'legend'],
    ['panels'],
    ['support'],
    ['render', 'index.ts'],
  ],
  'src/promql': [['syntax', 'input'], ['analysis'], ['rules'], ['lint'], ['index.ts']],
  'src/stack': [['process'], ['receiver', 'config'], ['clients'], ['check', 'lifecycle'], ['index.ts']],
};

interface Import {
  from: string;
  to: string;
}

function importsIn(folder: string): Import[] {
  const files = readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => /\.[jt]s$/.test(name))
    .flatMap((name) => {
      const from = join(folder, name);
      const targets = readRepositoryFile(from).matchAll(/(?:from|import|require)\s*\(?'(\.[^']+)'/g);
      return [...targets].map(([, target = '']) => ({ from, to: join(dirname(from), target) }));
    });
}

/** The room of a path below a folder: the folder's or file's name there; undefined where the path lies elsewhere. */
function roomOf(folder: string, path: string): string | undefined {
  const [room = ''] = relative(folder, path).split('/');
  return room === '..' ? undefined : room.replace(/\.js$/, '.ts');
}

/** What a room says of itself in the header of its main file: what comes in, what goes out, what it must not know. */
function headersIn(room: string): string[][] {
  const files = readdirSync(join(REPOSITORY, room)).filter((name) => /\.m?[jt]s$/.test(name));
  return files.flatMap((name) => {
    const [header = ''] = readRepositoryFile(join(room, name)).split('*/');
    const text = header.replaceAll(/^ \*/gm, '').replaceAll(/\s+/g, ' ');
    const contract = /^\/\*\*.* In: (.*)\. Out: (.*)\. Must not know: (.*)\. @module $/.exec(text);
    return contract ? [contract.slice(1)] : [];
  });
}

/** The rows of a folder's table in docs/architecture.md, by room. */
function rowsOf(folder: string): Map<string, string[]> {
  const [, section = ''] = readRepositoryFile('docs/architecture.md').split(`\n### \`${folder}\`\n`);
  const [table = ''] = section.split('\n#');
  const rows = table.matchAll(/^\| `([\w.-]+)` \| (.*) \| (.*) \| (.*) \|$/gm);
  return new Map([...rows].map(([, room = '', ...contract]) => [room, contract]));
}

for (const [folder, floors] of Object.entries(FLOORS)) {
  const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

  test(`every room of ${folder} has a floor, and every room of a floor exists`, () => {
    const rooms = readdirSync(join(REPOSITORY, folder)).filter((name) => !name.endsWith('.json'));
    assert.deepEqual(rooms.sort(), floors.flat().sort());
  });

  test(`no file in ${folder} imports from a lower floor, or from another room on its own floor`, () => {
    const wrong = importsIn(folder).filter(({ from, to }) => {
      const [room = '', other] = [roomOf(folder, from), roomOf(folder, to)];
      return other !== undefined && room !== other && floorOf(other) >= floorOf(room);
    });
    assert.deepEqual(wrong, []);
  });

  test(`docs/architecture.md describes the rooms of ${folder}, from the highest floor down`, () => {
    assert.deepEqual([...rowsOf(folder).keys()], floors.flat());
  });

  test(`every room of ${folder} has one header, with the words of docs/architecture.md`, () => {
    for (const room of floors.flat().filter((name) => !name.endsWith('.ts')))
      assert.deepEqual(headersIn(join(folder, room)), [rowsOf(folder).get(room)], join(folder, room));
  });
}

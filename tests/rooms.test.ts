import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY, readRepositoryFile } from './helpers/repository.js';

// The floors of the house: a file imports from its own room and from rooms on floors further up in these lists, never from its
// own floor or from below. Circles within a room are found by Biome (`noImportCycles`).
const FLOORS: Record<string, string[][]> = {
  src: [
    ['loopback', 'm2_3_monitoring', 'prometheus'],
    ['charts'],
    ['rag', 'stack', 'promql', 'dashboard'],
    ['history', 'page'],
    ['backtest'],
    ['lesson'],
  ],
  'src/m2_3_monitoring': [
    ['clock', 'interop', 'pricing', 'series'],
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
    .filter((name) => name.endsWith('.ts'))
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

for (const [folder, floors] of Object.entries(FLOORS)) {
  const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

  test(`every room of ${folder} has a floor, and every floor's rooms are there`, () => {
    const rooms = readdirSync(join(REPOSITORY, folder)).filter((name) => !name.endsWith('.json'));
    assert.deepEqual(rooms.sort(), floors.flat().sort());
  });

  test(`no import in ${folder} runs up, or to a neighbour on the same floor`, () => {
    const wrong = importsIn(folder).filter(({ from, to }) => {
      const [room = '', other] = [roomOf(folder, from), roomOf(folder, to)];
      return other !== undefined && room !== other && floorOf(other) >= floorOf(room);
    });
    assert.deepEqual(wrong, []);
  });
}

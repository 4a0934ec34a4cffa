import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { alignColumns, nearest, options, textTable } from '../src/cli/index.js';
import { assertEndsWithLine, runCommand } from './helpers/command.js';
import { inRepository, readRepositoryFile } from './helpers/repository.js';

const { scripts } = JSON.parse(readRepositoryFile('package.json')) as { scripts: Record<string, string> };
/** The commands that are programs of the project, by their names for npm. */
const COMMANDS = Object.entries(scripts).flatMap(([name, line]) => {
  const [, script] = /^node scripts\/(\S+\.mjs)$/.exec(line) ?? [];
  return script ? [{ name, script }] : [];
});

/** What a command needs before it installs and compiles anything: no packages, no dist/, no other program. */
const root = mkdtempSync(join(tmpdir(), 'm2_3-bare-'));
after(() => rmSync(root, { recursive: true, force: true }));
for (const path of ['scripts', 'src/cli', 'src/m2_3_monitoring/errors'])
  cpSync(inRepository(path), join(root, path), { recursive: true });
const BARE = { root, env: { PATH: root } };

test('every script of package.json is a command of the project, or a compiler or linter as it is', () => {
  const others = Object.keys(scripts).filter((name) => !COMMANDS.some((command) => command.name === name));
  assert.deepEqual(others.sort(), ['build', 'format', 'lint']);
});

for (const { name, script } of COMMANDS) {
  const typed = ['start', 'test'].includes(name) ? `npm ${name} --` : `npm run ${name} --`;

  test(`npm run ${name} -- --help prints its usage, its options and an example, and exits with 0`, () => {
    for (const flag of ['--help', '-h']) {
      const { status, stdout, stderr } = runCommand(script, [flag], BARE);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, new RegExp(`^Usage: ${typed} `, 'm'));
      assert.match(stdout, /^ {2}-h, --help +\S/m);
      assert.match(stdout, new RegExp(`^Example: ${typed.replace(' --', '')}( --|$)`, 'm'));
    }
  });

  test(`npm run ${name} with an unknown option exits with 2, and says so in one line`, () => {
    const line = new RegExp(`^Unknown option '--nosuch'.*"${typed} --help" lists what there is$`);
    assertEndsWithLine(script, ['--nosuch'], { status: 2, line, ...BARE });
  });
}

test('an unknown option, command or suite is answered with the nearest that there is', () => {
  const cases: [script: string, arg: string, line: RegExp][] = [
    [
      'start.mjs',
      '--prot',
      /^Unknown option '--prot': did you mean --port\? "npm start -- --help" lists what there is$/,
    ],
    ['backtest.mjs', '--thresholds=1', /: did you mean --threshold\?/],
    ['lint-promql.mjs', '--scrape-intervall', /: did you mean --scrape-interval\?/],
    ['stack.mjs', 'reloud', /^Unknown command "reloud": did you mean reload\?/],
    ['bench.mjs', 'lines', /^Unknown suite "lines": did you mean line\?/],
  ];
  for (const [script, arg, line] of cases) assertEndsWithLine(script, [arg], { status: 2, line, ...BARE });
});

test('an argument that a command does not take, a missing value and a value of a flag are refused in one line', () => {
  const cases: [script: string, args: string[], line: RegExp][] = [
    ['demo.mjs', ['now'], /^Unexpected argument "now"; "npm run demo -- --help"/],
    ['stack.mjs', ['status', 'now'], /^Unexpected argument "now"/],
    ['start.mjs', ['--port'], /^Option '--port <value>' argument missing/],
    ['start.mjs', ['--port', '--no-browser'], /^Option '--port' argument is ambiguous/],
    ['start.mjs', ['--no-browser=yes'], /^Option '--no-browser' does not take an argument/],
  ];
  for (const [script, args, line] of cases) assertEndsWithLine(script, args, { status: 2, line, ...BARE });
});

test('an option takes the values that it says, and no others', () => {
  const refused: [option: ReturnType<typeof options.flag>, texts: string[]][] = [
    [options.numbers(''), ['', '1,,2', '1,x', '1,Infinity']],
    [options.port(''), ['0', '65536', '8000.5', '0x10', ' 80', '']],
    [options.seconds(0.1, 3600, ''), ['0', '3601', 'fast', '', 'Infinity']],
    [options.hostAndPort(''), ['8000', 'host', 'host:0', 'host:65536', 'http://host:80', 'host:80/metrics']],
    [options.url(''), ['127.0.0.1:9090', 'ftp://host', 'http://', '']],
    [options.duration(''), ['', '5', 'm', '-1m', '0s', '1m30']],
    [options.durations(''), ['', '5', '1m,,5m']],
    [options.text('NAME', ''), ['', ' ']],
    [options.path(''), ['']],
  ];
  for (const [{ read }, texts] of refused)
    for (const text of texts) assert.equal(read?.(text), undefined, JSON.stringify(text));
  assert.deepEqual(options.numbers('').read?.('1, 2.5,-3'), [1, 2.5, -3]);
  assert.equal(options.port('').read?.('65535'), 65_535);
  assert.equal(options.url('').read?.('http://127.0.0.1:9090/'), 'http://127.0.0.1:9090');
  assert.equal(options.hostAndPort('').read?.('[::1]:8000'), '[::1]:8000');
  assert.deepEqual(options.durations('').read?.('0,1h30m'), ['0', '1h30m']);
});

test('a name is near another when few letters differ', () => {
  assert.equal(nearest('hisogram_quantile', ['rate', 'histogram_quantile']), 'histogram_quantile');
  assert.equal(nearest('nosuch', ['port', 'target']), undefined);
  assert.equal(nearest('x', []), undefined);
});

test('a table has a heading, aligned columns, numbers to the right, and long cells over several lines', () => {
  const rows = [
    { name: 'a', fires: 7 },
    { name: 'long', fires: 123 },
  ];
  assert.equal(textTable(rows), 'name  fires\na         7\nlong    123');
  const long = 'word '.repeat(20).trim();
  const [first = '', second = ''] = alignColumns([[long, 'x']]).split('\n');
  assert.ok(first.endsWith('  x') && second.length > 0 && !second.includes('x'));
  assert.ok(first.length <= 58 + 3);
  assert.equal(textTable([]), '');
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { playAlert } from '../src/backtest/alert-states.js';
import {
  type AlertCondition,
  backtest,
  bestOf,
  drawFirings,
  type Firing,
  gradeFirings,
  openData,
  readAlerts,
  type SweepRow,
  sweep,
} from '../src/backtest/index.js';
import { openPast } from '../src/backtest/open-past.js';
import { queryRange } from '../src/backtest/query-range.js';
import { createSampleFile } from '../src/history/blocks.js';
import { tuneLatencyAlert } from '../src/lesson/tuning.js';
import { CodedError } from '../src/m2_3_monitoring/errors/index.js';
import { parseDuration } from '../src/prometheus/duration.js';
import { type QueryData, toQueriedSeries } from '../src/prometheus/query-data.js';
import { createRandom } from '../src/rag/random.js';
import { type Prometheus, requireTool, startPrometheus } from '../src/stack/index.js';
import { assertEndsWithLine, runCommand } from './helpers/command.js';
import { dayOfHistory } from './helpers/history.js';
import { inRepository } from './helpers/repository.js';
import { serve } from './helpers/serve.js';
import { temporaryFolder } from './helpers/temporary.js';

const day = dayOfHistory();
const COMMITTED = readAlerts(inRepository('monitoring/rules/alerts.yml'));
const committed = (alert: string) => COMMITTED.find(({ name }) => name === alert) as (typeof COMMITTED)[number];
const past = () => ({
  prometheus: day.prometheus(),
  fromSeconds: day.history().startSeconds,
  toSeconds: day.history().endSeconds,
});

describe('an alert that Prometheus evaluated itself', () => {
  const STEP = 0.5;
  // What two series show at each scrape: `x` above the threshold, `.` below, `-` not there. No run depends on a single scrape:
  // one that Prometheus has not stored yet when it evaluates the rules is seen an evaluation later.
  const PATTERNS: Record<string, string> = {
    a: '..xxxxxxxx..xx..xxxxxxx.......xxxxxx....',
    b: '..xx..xxxxxx--xxxxxx.......xxxxxxx......',
  };
  const RULES: Record<string, AlertCondition & { text: { for?: string; keep_firing_for?: string } }> = {
    AtOnce: { expr: 'flip > 1', text: {} },
    Later: { expr: 'flip > 1', forSeconds: 1.5, text: { for: '1500ms' } },
    Kept: {
      expr: 'flip > 1',
      forSeconds: 1.5,
      keepFiringForSeconds: 2,
      text: { for: '1500ms', keep_firing_for: '2s' },
    },
  };
  const COUNTS = { AtOnce: 8, Later: 6, Kept: 4 };

  /** Shows the next character of each pattern at each scrape. */
  function flippingService() {
    let scrapes = 0;
    const answer: RequestListener = (_, response) => {
      const lines = Object.entries(PATTERNS).map(([of, pattern]) => {
        const shown = pattern[scrapes] ?? '.';
        return shown === '-' ? '' : `flip{of="${of}"} ${shown === 'x' ? 2 : 0}\n`;
      });
      scrapes += 1;
      response.end(lines.join(''));
    };
    return { answer, scrapes: () => scrapes };
  }

  /** When an alert fired, by its own series: from each run of evaluations to the one after it. */
  async function storedFirings(prometheus: Prometheus, alertname: string) {
    const query = `ALERTS{alertname="${alertname}",alertstate="firing"}[5m]`;
    const { data } = await prometheus.ask<QueryData>('query', { query });
    return toQueriedSeries(data).flatMap(({ labels, points }) => {
      const runs: number[][] = [];
      for (const [seconds] of points) {
        const run = runs.at(-1);
        if (run && seconds - (run.at(-1) ?? 0) < 1.75 * STEP) run.push(seconds);
        else runs.push([seconds]);
      }
      return runs.map((run) => ({ of: labels.of, from: run[0] ?? 0, to: (run.at(-1) ?? 0) + STEP }));
    });
  }

  test('an alert that Prometheus evaluated fired when the backtest over the stored data says, to the evaluation', async (t) => {
    const { answer, scrapes } = flippingService();
    const { port } = await serve(t, answer);
    const interval = `${STEP * 1000}ms`;
    const rules = Object.entries(RULES).map(([alert, { expr, text }]) => ({ alert, expr, ...text }));
    const rulesFile = join(temporaryFolder(t), 'rules.yml');
    writeFileSync(rulesFile, stringify({ groups: [{ name: 'flip', interval, rules }] }));
    const target = `127.0.0.1:${port}`;
    const prometheus = await startPrometheus({
      config: stringify({
        global: { scrape_interval: interval, scrape_timeout: interval },
        rule_files: [rulesFile],
        scrape_configs: [{ job_name: 'flip', static_configs: [{ targets: [target] }] }],
      }),
    });
    t.after(() => prometheus.stop());
    const length = (PATTERNS.a?.length ?? 0) + 2;
    await prometheus.waitUntil('the patterns were scraped', async () => scrapes() > length, 60_000);

    // Rules are evaluated at a fraction of the interval that depends on the group's name.
    const [first] = await storedFirings(prometheus, 'AtOnce');
    const fromSeconds = (first?.from ?? 0) - 10 * STEP;
    for (const [alert, rule] of Object.entries(RULES)) {
      const toSeconds = fromSeconds + (length + 10) * STEP;
      const { firings } = await backtest({ prometheus, rule, fromSeconds, toSeconds, evaluationSeconds: STEP });
      const simulated = firings.map(({ labels, firingSeconds, resolvedSeconds }) => ({
        of: labels.of,
        from: firingSeconds,
        to: resolvedSeconds ?? Number.NaN,
      }));
      const really = await storedFirings(prometheus, alert);
      const order = (list: typeof simulated) =>
        list.sort((one, other) => `${one.of}`.localeCompare(`${other.of}`) || one.from - other.from);
      assert.equal(really.length, COUNTS[alert as keyof typeof COUNTS], `${alert}: ${JSON.stringify(really)}`);
      assert.deepEqual(
        order(simulated).map(({ of }) => of),
        order(really).map(({ of }) => of),
        alert,
      );
      simulated.forEach(({ from, to }, index) => {
        for (const [ours, theirs] of [
          [from, really[index]?.from],
          [to, really[index]?.to],
        ]) {
          const difference = Math.abs((ours ?? Number.NaN) - (theirs ?? Number.NaN));
          assert.ok(difference < 1.1 * STEP, `${alert}: ${ours} is not ${theirs}`);
        }
      });
    }
  });
});

describe('the semantics of Prometheus, by promtool on random series', () => {
  const STEP = 15;
  const STEPS = 120;
  const START = Date.UTC(2026, 0, 1) / 1000;
  const SERIES = ['a', 'b', 'c', 'd'];
  const RULES: Record<string, AlertCondition & { for: string }> = {
    AtOnce: { expr: 'm > 1', for: '0s' },
    OneStep: { expr: 'm > 1', for: '15s' },
    Between: { expr: 'm > 1', for: '40s' },
    Minute: { expr: 'm > 1', for: '1m' },
    Low: { expr: 'm < 1', for: '2m' },
    Guarded: { expr: 'm > 1\nand on () gate > 0', for: '30s' },
  };

  /** Runs of a value of random length, and gaps; undefined: not scraped. A long one is longer than the lookback of 5 minutes. */
  function randomSeries(seed: number): (number | undefined)[] {
    const random = createRandom(seed);
    const values: (number | undefined)[] = [];
    while (values.length < STEPS) {
      const isGap = random() < 0.15;
      const shown = isGap ? undefined : Math.floor(random() * 3);
      const length = isGap && random() < 0.5 ? 24 : 1 + Math.floor(random() * 7);
      values.push(...Array.from({ length }, () => shown));
    }
    return values.slice(0, STEPS);
  }

  const series = [
    ...SERIES.map((of, index) => ({ name: `m{of="${of}"}`, values: randomSeries(index + 1) })),
    { name: 'gate', values: randomSeries(9).map((value) => value ?? 0) },
  ];

  async function predicted(t: Parameters<typeof temporaryFolder>[0]): Promise<Map<string, Firing[]>> {
    const folder = temporaryFolder(t);
    const file = createSampleFile(join(folder, 'samples.txt'));
    for (const { name, values } of series) {
      const lines = values.map((value, step) =>
        value === undefined ? '' : `${name} ${value} ${START + step * STEP}\n`,
      );
      file.write(lines.join(''));
    }
    await file.toBlock(join(folder, 'data'));
    const prometheus = await openData(join(folder, 'data'));
    t.after(() => prometheus.stop());
    const times = { fromSeconds: START, toSeconds: START + (STEPS - 1) * STEP };
    const found = Object.entries(RULES).map(async ([alert, { expr, for: text }]) => {
      const rule = { expr, forSeconds: parseDuration(text) ?? 0 };
      return [alert, (await backtest({ prometheus, rule, ...times })).firings] as const;
    });
    return new Map(await Promise.all(found));
  }

  /** Asks promtool whether exactly the predicted alerts fire at each evaluation. */
  function promtoolAgrees(t: Parameters<typeof temporaryFolder>[0], firings: Map<string, Firing[]>): string {
    const folder = temporaryFolder(t);
    const rules = Object.entries(RULES).map(([alert, { expr, for: text }]) => ({ alert, expr, for: text }));
    writeFileSync(join(folder, 'rules.yml'), stringify({ groups: [{ name: 'semantics', rules }] }));
    const evaluations = Array.from({ length: STEPS }, (_, step) => step);
    const tests = evaluations.flatMap((step) =>
      [...firings].map(([alertname, all]) => {
        const at = START + step * STEP;
        const active = all.filter(
          ({ firingSeconds, resolvedSeconds }) =>
            firingSeconds <= at && (resolvedSeconds === undefined || at < resolvedSeconds),
        );
        return {
          eval_time: `${step * STEP}s`,
          alertname,
          exp_alerts: active.map(({ labels }) => ({ exp_labels: labels })),
        };
      }),
    );
    const input = series.map(({ name, values }) => ({
      series: name,
      values: values.map((value) => value ?? '_').join(' '),
    }));
    const file = {
      rule_files: ['rules.yml'],
      evaluation_interval: `${STEP}s`,
      tests: [{ interval: `${STEP}s`, input_series: input, alert_rule_test: tests }],
    };
    writeFileSync(join(folder, 'test.yml'), stringify(file));
    const { status, stdout, stderr } = spawnSync(requireTool('promtool'), ['test', 'rules', join(folder, 'test.yml')], {
      encoding: 'utf8',
    });
    return status === 0 ? '' : (stdout + stderr).slice(0, 2000);
  }

  test('promtool and the backtest agree at every evaluation of random series: `for`, flapping, gaps, several series, conditions', async (t) => {
    const firings = await predicted(t);
    for (const [alert, all] of firings) assert.ok(all.length >= 2, `${alert} fires ${all.length} times`);
    assert.equal(promtoolAgrees(t, firings), '');
    // A comparison that cannot fail proves nothing.
    const [first] = firings.get('Minute') ?? [];
    if (first) first.firingSeconds += STEP;
    assert.match(promtoolAgrees(t, firings), /alertname: ?Minute/);
  });
});

describe('playing an alert', () => {
  const evaluations = { fromSeconds: 1000, toSeconds: 1100, stepSeconds: 10 };
  const at = (steps: number[], values = steps.map(() => 1)) => [{ labels: { of: 'a' }, steps, values }];

  test('a simulated alert reports the whole life of a firing, with its worst value', () => {
    const { firings, totalFiringSeconds, totalPendingSeconds, pendingOnly } = playAlert(
      at([1, 2, 3, 4, 7, 8], [5, 6, 9, 7, 8, 8]),
      evaluations,
      { forSeconds: 20 },
    );
    const [one] = firings;
    assert.deepEqual(one, {
      labels: { of: 'a' },
      pendingSeconds: 1010,
      firingSeconds: 1030,
      resolvedSeconds: 1050,
      peak: 9,
    });
    assert.deepEqual([firings.length, totalFiringSeconds, totalPendingSeconds, pendingOnly], [1, 20, 40, 1]);
  });

  test('a simulated alert that fires to the end of the data has no end, and counts until there', () => {
    const { firings, totalFiringSeconds } = playAlert(at([8, 9, 10]), evaluations, {});
    assert.deepEqual([firings[0]?.resolvedSeconds, totalFiringSeconds], [undefined, 20]);
  });
});

describe('over a day with two incidents', () => {
  test('over a day with two incidents every committed alert fires during them, and at no other time', async () => {
    for (const alert of COMMITTED) {
      const incidents = day.history().incidents.filter(({ alerts }) => alerts.includes(alert.name));
      const result = await backtest({ ...past(), rule: alert });
      const { detected, falseAlarms } = gradeFirings(result, incidents);
      assert.deepEqual([detected, falseAlarms, result.count], [incidents.length, 0, incidents.length], alert.name);
    }
  });

  test('a sweep gives for each variant what that variant gives by itself', async () => {
    const { expr } = committed('HighErrorRate');
    const thresholds = [0.01, 0.05];
    const rows = await sweep({ ...past(), rule: { expr }, thresholds, forsSeconds: [0, 120] });
    assert.equal(rows.length, 4);
    for (const { threshold, forSeconds, grade, ...row } of rows) {
      const rule = { expr: expr.replace('> 0.05', `> ${threshold}`), forSeconds };
      assert.deepEqual(row, await backtest({ ...past(), rule }));
      assert.equal(grade, undefined);
    }
    assert.ok((rows[0]?.count ?? 0) > (rows[3]?.count ?? 0));
  });

  test('a sweep queries once for each threshold where the rest of the expression adds series', async () => {
    const expr = 'sum(rate(rag_requests_total[5m])) > 1 or sum(rate(rag_errors_total[5m])) > 0.05';
    const rows = await sweep({ ...past(), rule: { expr }, thresholds: [0.5, 1], forsSeconds: [60] });
    for (const { threshold, forSeconds, grade, ...row } of rows) {
      const rule = { expr: expr.replace('> 1', `> ${threshold}`), forSeconds };
      assert.deepEqual(row, await backtest({ ...past(), rule }));
    }
    assert.notDeepEqual(rows[0]?.firings, rows[1]?.firings);
  });

  test('a range of more than 11,000 evaluations is queried in parts that Prometheus accepts', async () => {
    const times = { fromSeconds: past().fromSeconds, toSeconds: past().toSeconds, stepSeconds: 5 };
    const [whole] = await queryRange(day.prometheus(), 'sum(rag_requests_total)', times);
    assert.equal(whole?.steps.length, 86_400 / 5 + 1);
    assert.ok(whole?.steps.every((step, index) => step === index));
  });

  test('a query that Prometheus refuses is reported with its message in one line', async () => {
    await assert.rejects(backtest({ ...past(), rule: { expr: 'sum(' } }), (error: Error) => {
      assert.ok(error instanceof CodedError);
      assert.match(error.message, /^Prometheus: .*parse error: .*$/);
      return true;
    });
    const noThreshold = sweep({ ...past(), rule: { expr: 'absent(up)' }, thresholds: [1], forsSeconds: [0] });
    await assert.rejects(noThreshold, /does not begin with a comparison such as "… > 2"/);
  });

  test('the lesson shows the latency alert before and after it was tuned', async () => {
    const { table, pictureHtml, before, after } = await tuneLatencyAlert({ folder: day.folder });
    assert.equal(after.count, 2);
    assert.deepEqual(after.grade?.falseAlarms, 0);
    assert.ok(before.count >= 7, `${before.count}`);
    assert.equal(table.Fires?.length, 12);
    const [, alternative = ''] = /alt="([^"]*)"/.exec(pictureHtml) ?? [];
    assert.match(
      alternative,
      new RegExp(`> 1 s for 1m: fires ${before.count} times.*> 2 s for 5m: fires 2 times`.replace(/> /g, '> ')),
    );
    const svg = Buffer.from(pictureHtml.match(/base64,([^"]+)/)?.[1] ?? '', 'base64').toString();
    assert.equal(svg.match(/<title>\d{4}-/g)?.length, before.count + 2, 'a bar for each firing');
    assert.doesNotMatch(svg, /NaN|undefined/);
  });
});

test('a picture without values, incidents or firings is still one', () => {
  const svg = drawFirings({
    title: 'A & B',
    valueName: 'nothing',
    operator: '<',
    series: [],
    evaluations: { fromSeconds: 0, toSeconds: 3600, stepSeconds: 15 },
    variants: [{ name: 'Only', threshold: 0, forSeconds: 0, result: { firings: [], count: 0 } }],
  });
  assert.match(svg, /<title>A &amp; B<\/title>/);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});

test('the best variant finds most incidents, then has fewest false alarms, then fires soonest', () => {
  const row = (detected: number, falseAlarms: number, minutesUntilFired: number) =>
    ({ grade: { detected, incidents: 2, falseAlarms, minutesUntilFired } }) as SweepRow;
  const rows = [row(1, 0, 1), row(2, 3, 1), row(2, 0, 9), row(2, 0, 6)];
  assert.equal(bestOf(rows), rows[3]);
  assert.equal(bestOf([row(0, 0, 0)]), undefined);
});

describe('npm run backtest', () => {
  const run = (...args: string[]) => runCommand('backtest.mjs', args);

  test('npm run backtest prints how often each alert fires, and with --rule by which thresholds', (t) => {
    const all = run('--folder', day.folder);
    assert.equal(all.status, 0, all.stdout + all.stderr);
    assert.match(all.stdout, /^HighErrorRate +2m +1 .* 0 +1 of 1 /m);
    assert.match(all.stdout, /Together they fire 5 times, none of them falsely\./);
    const svg = join(temporaryFolder(t), 'picture.svg');
    const one = run(
      '--folder',
      day.folder,
      '--rule',
      'HighQueryLatency',
      '--threshold',
      '1,2',
      '--for',
      '1m,5m',
      '--svg',
      svg,
    );
    assert.match(one.stdout, /^> 2 +5m +2 .* 2 of 2 /m);
    assert.match(one.stdout, /^As it is \(> 2 for 5m\), HighQueryLatency fires 2 times, .* with no false alarms\.$/m);
    assert.match(one.stdout, /^Best of these: > 2 for 5m /m);
    assert.match(readFileSync(svg, 'utf8'), /^<svg /);
  });

  test('npm run backtest finds the history in the folder of a running Prometheus', async (t) => {
    const prometheus = await startPrometheus({ config: '{}', dataFolder: day.folder });
    t.after(() => prometheus.stop());
    const { history } = await openPast({ prometheus: prometheus.url });
    assert.deepEqual(history, day.history());
  });

  test('npm run backtest queries a running Prometheus with other rules', (t) => {
    const rules = join(temporaryFolder(t), 'rules.yml');
    const theirs = { alert: 'Theirs', expr: 'sum(rate(rag_requests_total[5m])) > 1', for: '90s' };
    writeFileSync(rules, stringify({ groups: [{ name: 'theirs', rules: [theirs] }] }));
    const { stderr } = run('--prometheus', day.prometheus().url, '--rules', rules, '--since', '1h', '--rule', 'Theirs');
    assert.match(stderr, /^Theirs: its expression gave nothing in that time: there are no such series, or no traffic/);
  });

  test('npm run backtest says in one line what is wrong', () => {
    const cases: [status: 1 | 2, args: string[], line: RegExp][] = [
      [2, ['--rule', 'Nope'], /^--rule: there is no alert Nope; there are HighQueryLatency, /],
      [2, ['--rule', 'HighErorRate'], /^--rule: there is no alert HighErorRate; did you mean HighErrorRate\?$/],
      [2, ['--threshold', '1'], /^--threshold, --for and --svg are about one alert: name it/],
      [2, ['--prometheus', 'http://x', '--folder', 'x'], /^--prometheus and --folder name two histories: leave one/],
      [
        2,
        ['--rule', 'HighErrorRate', '--threshold', '1,,2'],
        /^--threshold: expected a list such as 1,2,5, got "1,,2"$/,
      ],
      [2, ['--rule', 'HighErrorRate', '--for', '5'], /^--for: expected a list such as 1m,5m,10m, got "5"$/],
      [2, ['--since', 'soon'], /^--since: expected a duration such as 1h30m, got "soon"$/],
      [2, ['--prometheus', 'here'], /^--prometheus: expected a URL such as http:\/\/127\.0\.0\.1:9090, got "here"$/],
      [
        1,
        ['--prometheus', 'http://127.0.0.1:1'],
        /^no Prometheus answers at http:\/\/127\.0\.0\.1:1: check the address/,
      ],
      [2, ['--rules', '/no/such.yml'], /^cannot read the rules in \/no\/such\.yml: there is no such file$/],
      [
        2,
        ['--rules', inRepository('package.json')],
        /package\.json has no alerts: expected a rule file of Prometheus$/,
      ],
      [
        1,
        ['--folder', '/no/such'],
        /^\/no\/such has no history: "npm run history" writes one, and --prometheus URL asks/,
      ],
    ];
    for (const [status, args, line] of cases) assertEndsWithLine('backtest.mjs', args, { status, line });
  });
});

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseConfig } from '../config.js';
import { fillIn } from '../src/charts/index.js';
import { panels } from '../src/dashboard/panels.js';
import { alertRules, recordingRules } from '../src/dashboard/rules.js';
import { type BlockMeta, createSampleFile, makeBlocksOf, readBlocks } from '../src/history/blocks.js';
import { explained } from '../src/history/explain-folder.js';
import { readHistory, removeHistory, SCRAPE_SECONDS, writeHistory } from '../src/history/index.js';
import { installBlocks } from '../src/history/install.js';
import { firstRecordedSeconds } from '../src/history/recorded-data.js';
import { createServiceProcess } from '../src/history/service-process.js';
import { simulate } from '../src/history/simulate.js';
import { createTimeline, incidentsOf, isWeekend } from '../src/history/timeline.js';
import { CodedError } from '../src/m2_3_monitoring/errors/index.js';
import { catalogue, createMonitoring, findPrice, type MetricDefinition } from '../src/m2_3_monitoring/index.js';

import { metricOf } from '../src/prometheus/exposition.js';
import { type Labels, parseLabels } from '../src/prometheus/labels.js';
import { parseNumber } from '../src/prometheus/number.js';
import type { QueriedSeries } from '../src/prometheus/query-data.js';
import { adaptedConfig, freePort, startPrometheus } from '../src/stack/index.js';

import { waitUntil } from '../src/stack/process/wait-until.js';

import { assertEndsWithLine, startCommand } from './helpers/command.js';
import { dayOfHistory, END_SECONDS } from './helpers/history.js';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

const DEFAULTS = parseConfig({});
const day = dayOfHistory();

const range = (expr: string, fromSeconds: number, toSeconds: number, stepSeconds: number) =>
  day.prometheus().queryRange(expr, { fromSeconds, toSeconds, stepSeconds });

async function value(expr: string, atSeconds: number): Promise<number> {
  const samples = await day.prometheus().query(expr, atSeconds);
  assert.equal(samples.length, 1, `${expr}: ${samples.length} series`);
  return samples[0]?.value as number;
}

describe('a day of history in a real Prometheus', () => {
  test('a day of history answers every panel and every rule of the dashboard at every hour with a number', async () => {
    const { startSeconds, endSeconds } = day.history();
    const queries = [
      ...panels(DEFAULTS).flatMap((panel) => panel.queries.map(({ expr }) => expr)),
      ...recordingRules().flatMap(({ record, expr }) => [record, expr]),
    ];
    for (const query of queries) {
      const expr = fillIn(query, { __rate_interval: '1m', __range: '1h', job: '.*' });
      const series = await range(expr, startSeconds + 3600, endSeconds, 3600);
      assert.ok(series.length > 0, expr);
      for (const { labels, points } of series) {
        for (const [seconds, number] of points)
          assert.ok(Number.isFinite(number), `${expr} is ${number} at ${seconds}`);
        // What is filtered by `> 0`, such as types of errors, is not there at each time.
        if (!expr.endsWith('> 0')) assert.equal(points.length, 24, `${expr} ${JSON.stringify(labels)}`);
      }
    }
  });

  test('a day of history has recorded exactly what the rules give at each time', async () => {
    const { startSeconds, endSeconds } = day.history();
    for (const { record, expr } of recordingRules()) {
      const [recorded, asked] = await Promise.all(
        [record, expr].map((one) => range(one, startSeconds + 60, endSeconds, SCRAPE_SECONDS)),
      );
      const strip = ({ labels: { __name__, ...labels }, points }: QueriedSeries) => ({ labels, points });
      assert.deepEqual(recorded?.map(strip), asked?.map(strip), record);
      assert.ok((recorded?.[0]?.points.length ?? 0) > 5700, record);
    }
  });

  test('a day of history costs what its tokens cost, in both versions and for both models', async () => {
    const { deploySeconds, endSeconds } = day.history();
    const models = ['gpt-4o-mini', 'claude-haiku-4-5'];
    for (const atSeconds of [deploySeconds - SCRAPE_SECONDS, endSeconds]) {
      for (const model of models) {
        const price = findPrice(model, atSeconds * 1000);
        const labels = `{model="${model}"}`;
        const input = await value(`rag_input_tokens_sum${labels}`, atSeconds);
        const output = await value(`rag_output_tokens_sum${labels}`, atSeconds);
        const expected = (input * (price?.input ?? 0) + output * (price?.output ?? 0)) / 1e6;
        assert.ok(expected > 1, model);
        const cost = await value(`rag_total_cost_usd${labels}`, atSeconds);
        assert.ok(Math.abs(cost / expected - 1) < 1e-9, `${model}: ${cost} is not ${expected}`);
        assert.equal(await value(`rag_query_cost_usd_sum${labels}`, atSeconds), cost);
      }
    }
  });

  test('the buckets, count and sum of each histogram in a history agree', async () => {
    const histograms = Object.values<MetricDefinition>(catalogue).filter(({ type }) => type === 'histogram');
    for (const { name, buckets = [] } of histograms) {
      const ask = (suffix: string) => day.prometheus().query(`${name}${suffix}`, END_SECONDS);
      const [bucketSamples, counts, sums] = await Promise.all(['_bucket', '_count', '_sum'].map(ask));
      assert.ok(counts?.length, name);
      for (const { labels, value: count } of counts ?? []) {
        const { __name__, ...own } = labels;
        const isOwn = (one: { labels: Labels }) => Object.entries(own).every(([key, text]) => one.labels[key] === text);
        const bound = ({ labels: { le = '' } }: { labels: Labels }) => parseNumber(le);
        const cumulative = (bucketSamples ?? []).filter(isOwn).sort((a, b) => bound(a) - bound(b));
        assert.deepEqual(cumulative.map(bound), [...buckets, Number.POSITIVE_INFINITY], name);
        assert.equal(cumulative.at(-1)?.value, count, name);
        const inBucket = cumulative.map((one, index) => one.value - (cumulative[index - 1]?.value ?? 0));
        assert.ok(
          inBucket.every((number) => number >= 0),
          name,
        );
        const sum = sums?.find(isOwn)?.value ?? Number.NaN;
        const atLeast = inBucket.reduce((total, number, index) => total + number * (buckets[index - 1] ?? 0), 0);
        const atMost = inBucket.reduce((total, number, index) => total + number * (buckets[index] ?? 1e6), 0);
        assert.ok(sum >= atLeast && sum <= atMost, `${name}: ${sum} is not within ${atLeast} and ${atMost}`);
      }
    }
  });

  test('the deploy in a history is a restart, across which rates stay right', async () => {
    const { deploySeconds, endSeconds } = day.history();
    const counter = 'rag_requests_total{endpoint="chat",status="success"}';
    assert.equal(await value(`resets(${counter}[24h])`, endSeconds), 1);
    assert.equal(await value('count_over_time((up == 0)[1h:15s])', deploySeconds + 1800), 3);
    const before = await value('sum(rag_requests_total)', deploySeconds - SCRAPE_SECONDS);
    const afterwards = await value('sum(rag_requests_total)', endSeconds);
    const increase = await value('sum(increase(rag_requests_total[24h]))', endSeconds);
    assert.ok(Math.abs(increase / (before + afterwards) - 1) < 0.01, `${increase} is not ${before} + ${afterwards}`);
    const [rates] = await range('job:rag_requests:rate5m', deploySeconds - 600, deploySeconds + 600, 15);
    for (const [, rate] of rates?.points ?? []) assert.ok(rate > 0.2 && rate < 2, `${rate}`);
  });

  test('a history is busy by day and quiet by night, and about half of its lookups hit the cache', async () => {
    const rateAt = (hour: number) => value('sum(rate(rag_requests_total[1h]))', Date.UTC(2026, 0, 8, hour) / 1000);
    assert.ok((await rateAt(11)) > 3 * (await rateAt(4)));
    const hitRate = await value('rag_cache_hit_rate', day.history().deploySeconds - 60);
    assert.ok(hitRate > 0.48 && hitRate < 0.56, String(hitRate));
  });
});

test('the same seed and end give the same history to the byte; another seed gives another one', async (t) => {
  const folder = temporaryFolder(t);
  await writeHistory({ folder, days: 1, endSeconds: END_SECONDS });
  const bytes = (place: string) =>
    readBlocks(place).map(({ ulid, minTime, stats }) => ({
      minTime,
      stats,
      files: ['index', 'chunks/000001'].map((file) => readFileSync(join(place, ulid, file)).toString('base64')),
    }));
  const order = (one: ReturnType<typeof bytes>) => one.map((block) => JSON.stringify(block)).sort();
  assert.deepEqual(order(bytes(folder)), order(bytes(day.folder)));

  const numbers = (seed: number) => {
    const process = createServiceProcess('127.0.0.1:8000');
    const timeline = createTimeline(seed, END_SECONDS - 600, END_SECONDS);
    for (const _ of simulate(seed, timeline, process));
    return process.series.map((one) => one.value);
  };
  assert.deepEqual(numbers(1), numbers(1));
  assert.notDeepEqual(numbers(1), numbers(2));
});

test('a week of history has its two incidents and the deploy on working days, at whatever time it ends', () => {
  for (let hours = 0; hours < 14 * 24; hours += 5) {
    const endSeconds = END_SECONDS + hours * 3600;
    const timeline = createTimeline(1, endSeconds - 7 * 86_400, endSeconds);
    const [first, second] = incidentsOf(timeline);
    assert.ok(
      first && second && first.toSeconds < timeline.deploySeconds && timeline.deploySeconds < second.fromSeconds,
    );
    for (const moment of [first.fromSeconds, timeline.deploySeconds, second.toSeconds]) {
      assert.ok(moment > timeline.startSeconds + 6 * 3600 && moment < endSeconds - 6 * 3600);
      assert.equal(isWeekend(moment), false);
    }
    assert.ok(timeline.spikes.length >= 44 && timeline.spikes.length <= 52, String(timeline.spikes.length));
  }
});

test('the history has every metric that panels, rules and the table of the lesson use', () => {
  const written = createServiceProcess('127.0.0.1:8000').series.map(({ text }) => text.split('{')[0]);
  const used = [
    ...panels(DEFAULTS).flatMap(({ queries }) => queries.map(({ expr }) => expr)),
    ...recordingRules().map(({ expr }) => expr),
    ...alertRules(DEFAULTS).map(({ expr }) => expr),
    readFileSync(inRepository('src/lesson/tables.ts'), 'utf8').replace(
      /'(\w+)', `/g,
      (_, key: string) => `${catalogue[key as keyof typeof catalogue]?.name} `,
    ),
  ].join('\n');
  const names = new Set([...used.matchAll(/(?<![\w:])rag_[a-z_]+/g)].map(([name]) => name));
  assert.ok(names.size >= 15);
  for (const name of names)
    assert.ok(
      written.some((one) => one === name || one === `${name}_bucket`),
      name,
    );
});

/** A live service that has each series of a history, recorded through the module. */
async function serveSeriesOf(port: number) {
  const monitoring = createMonitoring({ config: { METRICS_PORT: port } });
  for (const { text } of createServiceProcess('').series) {
    const { __name__ = '', instance, job, le, ...labels } = parseLabels(text);
    const metric = Object.values(monitoring.metrics).find(
      (one) => (one as unknown as { name: string }).name === metricOf(__name__),
    ) as unknown as { zero?: (labels: Labels) => void; inc?: (labels: Labels, by: number) => void };
    if (metric.zero) metric.zero(labels);
    else metric.inc?.(labels, 0);
  }
  return monitoring.startMetricsServer();
}

test('a live service continues the series of the history, which ends before the first recorded scrape', async (t) => {
  const folder = temporaryFolder(t);
  const port = await freePort();
  const target = `127.0.0.1:${port}`;
  const server = await serveSeriesOf(port);
  t.after(() => server.close());
  const start = () => startPrometheus({ config: adaptedConfig({ target, intervalSeconds: 1 }), dataFolder: folder });
  const recording = await start();
  await recording.waitUntil(
    'some scrapes',
    async () => (await recording.query('count_over_time(up[1m]) > 2')).length > 0,
  );
  const all = new URLSearchParams({ 'match[]': '{__name__=~"rag_.*"}' });
  const live = await recording.api<Labels[]>(`series?${all}`);
  await recording.stop();

  const firstScrape = (await firstRecordedSeconds(folder, undefined)) ?? 0;
  const history = await writeHistory({ folder, days: 1, target });
  assert.ok(history.endSeconds < firstScrape && history.endSeconds > firstScrape - 2 * SCRAPE_SECONDS - 1);

  const written = new Set(live.map((labels) => JSON.stringify(Object.entries(labels).sort())));
  for (const { text } of createServiceProcess(target).series) {
    const key = JSON.stringify(Object.entries(parseLabels(text)).sort());
    assert.ok(written.has(key), `a live scrape has no ${text}`);
  }

  const joined = await start();
  t.after(() => joined.stop());
  await joined.waitUntil('a new scrape', async () => {
    const [newest] = await joined.query('timestamp(up{job="rag-service"})');
    return (newest?.value ?? 0) > firstScrape + 3;
  });
  const kept = await joined.query(`up{job="rag-service"}`, firstScrape);
  assert.equal(kept.length, 1, 'what was recorded live is still there');
  const [past] = await joined.query('sum(increase(rag_requests_total[12h]))', history.endSeconds);
  assert.ok((past?.value ?? 0) > 10_000, 'and so is the history');
});

describe('a folder', () => {
  test('a folder with a history is left alone; --force replaces the history', async (t) => {
    const folder = temporaryFolder(t);
    cpSync(day.folder, folder, { recursive: true });
    const first = readHistory(folder);
    await assert.rejects(
      writeHistory({ folder, days: 1, endSeconds: END_SECONDS }),
      /has a history already \(1 days until 2026-01-08 20:00 UTC, seed 1\): --force replaces it/,
    );
    assert.deepEqual(readHistory(folder), first);
    await writeHistory({ folder, days: 1, endSeconds: END_SECONDS, seed: 2, force: true });
    const second = readHistory(folder);
    assert.equal(second?.seed, 2);
    assert.deepEqual(
      readBlocks(folder)
        .map(({ ulid }) => ulid)
        .sort(),
      [...(second?.blocks ?? [])].sort(),
    );
  });

  test('a folder that cannot be written is reported in one line with the remedy', async (t) => {
    const file = join(temporaryFolder(t), 'file');
    writeFileSync(file, '');
    await assert.rejects(writeHistory({ folder: file }), (error: Error) => {
      assert.ok(error instanceof CodedError);
      assert.match(error.message, /is not a folder: choose another with --folder$/);
      return true;
    });
    const full = explained(new Error('promtool failed: write x: no space left on device'), '/data') as Error;
    assert.match(full.message, /^the disk of \/data is full: free some space/);
  });

  test('a history that fails leaves no process that writes into its folder', async (t) => {
    const samples = Array.from({ length: 100_000 }, (_, second) => `a_total ${second} ${second}\n`).join('');
    const make = async (
      texts: string,
      folder: string,
      write: (add: (lines: string) => Promise<void>) => Promise<void>,
    ) =>
      makeBlocksOf(folder, (add) =>
        write((lines) => {
          const file = createSampleFile(join(texts, String(lines.length)));
          file.write(lines);
          return add(file);
        }),
      );
    for (const [next, message] of [
      [(add: (lines: string) => Promise<void>) => add('not a sample\n'), /^promtool failed: /],
      [() => Promise.reject(new CodedError('the next text', 'ERR_TOOL_FAILED')), /^the next text$/],
    ] as const) {
      const [texts, folder] = [temporaryFolder(t), temporaryFolder(t)];
      const made = make(texts, folder, async (add) => {
        await add(samples);
        await next(add);
      });
      await assert.rejects(made, { code: 'ERR_TOOL_FAILED', message });
      assert.deepEqual(readdirSync(texts), []);
      assert.equal(readBlocks(folder).length, 2, 'the good one was finished: of 28 hours, in two blocks');
    }
  });

  const withBlocks = (folder: string, blocks: Record<string, string[]>) => {
    for (const [ulid, sources] of Object.entries(blocks)) {
      mkdirSync(join(folder, ulid));
      const meta: Partial<BlockMeta> = { ulid, minTime: 0, maxTime: 1, compaction: { sources } };
      writeFileSync(join(folder, ulid, 'meta.json'), JSON.stringify(meta));
    }
  };
  const [ONE, TWO, MERGED, LIVE] = ['1', '2', '3', '4'].map((last) => `01M86JEA75MF8VRYM0Y0WZMNC${last}`) as [
    string,
    string,
    string,
    string,
  ];

  test('a history is removed from a folder also where Prometheus has merged its blocks, and nothing else is', (t) => {
    const folder = temporaryFolder(t);
    withBlocks(folder, { [MERGED]: [ONE, TWO], [LIVE]: [LIVE] });
    removeHistory(folder, { blocks: [ONE, TWO] });
    assert.deepEqual(readdirSync(folder), [LIVE]);
  });

  test('nothing is removed from a folder where a block has recorded data besides the history', (t) => {
    const folder = temporaryFolder(t);
    withBlocks(folder, { [MERGED]: [ONE, LIVE], [TWO]: [TWO] });
    assert.throws(
      () => removeHistory(folder, { blocks: [ONE, TWO] }),
      /into one block: to begin anew, stop it and delete/,
    );
    assert.deepEqual(readdirSync(folder).sort(), [TWO, MERGED].sort());
  });

  test('a folder gets all blocks of a history or none', (t) => {
    const [staging, folder] = [temporaryFolder(t), temporaryFolder(t)];
    withBlocks(staging, { [ONE]: [ONE] });
    const history = { ...day.history(), blocks: [ONE, TWO] };
    assert.throws(() => installBlocks(staging, folder, history), /ENOENT/);
    assert.deepEqual(readdirSync(folder), []);
  });
});

describe('npm run history', () => {
  test('npm run history says in one line what is wrong with an option', () => {
    const cases: [args: string[], line: RegExp][] = [
      [['--days', '0'], /^--days: expected a whole number from 1 to 30, got "0"$/],
      [['--seed', '-'], /^--seed: expected a whole number from 0 to 4294967295, got "-"$/],
      [['--target', 'x'], /^--target: expected host:port such as 127\.0\.0\.1:8000, got "x"$/],
      [['--docker', '--folder', 'x'], /^--docker and --folder name two places: leave one of them out$/],
    ];
    for (const [args, line] of cases) assertEndsWithLine('history.mjs', args, { status: 2, line });
  });

  test('npm run history that is interrupted leaves nothing behind', async (t) => {
    const folder = join(temporaryFolder(t), 'data');
    const runFolder = inRepository('.cache/run');
    const before = new Set(existsSync(runFolder) ? readdirSync(runFolder) : []);
    const started = startCommand('history.mjs', ['--folder', folder]);
    const appeared = () => readdirSync(runFolder).filter((name) => name.startsWith('history') && !before.has(name));
    const hasText = (name: string) => readdirSync(join(runFolder, name)).length > 0;
    await waitUntil('its run has begun', () => appeared().some(hasText), 60_000);
    const own = appeared();
    assert.equal(await started.end(), 130);
    const isGone = (name: string) => !existsSync(join(runFolder, name));
    await waitUntil('its run is removed', () => own.every(isGone), 60_000);
    assert.deepEqual(readdirSync(folder), []);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reduce } from '../src/charts/fields/reduce.js';
import { formatExactly, formatTicks } from '../src/charts/fields/units.js';
import {
  type Dashboard,
  formatValue,
  type Panel,
  panelRequests,
  panelText,
  type QueryScope,
  readPanel,
  resolveVariables,
  type Series,
  toSeries,
} from '../src/charts/index.js';
import type { PrometheusClient } from '../src/prometheus/client.js';
import type { QueryData } from '../src/prometheus/query-data.js';
import { PrometheusError } from '../src/prometheus/request.js';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 7) / 1000;
const HOUR = 3600;
const DAY = 24 * HOUR;

const panelOf = (expr: string, target = {}, panel = {}): Panel => ({
  type: 'timeseries',
  targets: [{ refId: 'A', expr, range: true, ...target }],
  ...panel,
});

const scopeOf = (rangeSeconds: number, widthPixels: number, variables: QueryScope['variables'] = {}): QueryScope => ({
  range: { fromSeconds: NOW - rangeSeconds, toSeconds: NOW },
  widthPixels,
  scrapeIntervalSeconds: 10,
  variables,
});

const parametersOf = (panel: Panel, scope: QueryScope) => panelRequests(panel, scope)[0]?.parameters ?? {};

describe('a range query', () => {
  const EXPR = 'rate(x[$__rate_interval]) / $__interval_ms * count_over_time(y[$__interval])';
  // Range / width, rounded down Grafana's ladder, at least the scrape interval; the rate interval is the larger of
  // step + scrape interval and four scrape intervals.
  const steps: [rangeSeconds: number, width: number, step: number, interval: string, rateInterval: string][] = [
    [300, 700, 10, '10s', '40s'],
    [HOUR, 700, 10, '10s', '40s'],
    [3 * HOUR, 700, 15, '15s', '40s'],
    [6 * HOUR, 1000, 20, '20s', '40s'],
    [6 * HOUR, 500, 30, '30s', '40s'],
    [DAY, 1000, 60, '1m', '1m10s'],
    [DAY, 380, 300, '5m', '5m10s'],
    [7 * DAY, 1000, 600, '10m', '10m10s'],
    [30 * DAY, 1000, 1800, '30m', '30m10s'],
    // The ladder holds on to 12 hours until a day is reached.
    [365 * DAY, 380, DAY / 2, '12h', '12h10s'],
    [365 * DAY, 360, DAY, '1d', '24h10s'],
  ];
  for (const [range, width, step, interval, rateInterval] of steps) {
    test(`over ${range} s at ${width} px has a step of ${interval} and a rate interval of ${rateInterval}`, () => {
      const { query, step: sent, start, end } = parametersOf(panelOf(EXPR), scopeOf(range, width));
      assert.equal(sent, String(step));
      assert.equal(query, `rate(x[${rateInterval}]) / ${step * 1000} * count_over_time(y[${interval}])`);
      assert.equal(Number(start) % step, 0);
      assert.equal(Number(end), Math.floor(NOW / step) * step);
      assert.equal(Number(start), Math.floor((NOW - range) / step) * step);
    });
  }

  test('takes the min step of the query as scrape interval too, and that of the panel for the step only', () => {
    const rate = 'rate(x[$__rate_interval])';
    assert.equal(parametersOf(panelOf(rate, { interval: '30s' }), scopeOf(HOUR, 700)).query, 'rate(x[2m])');
    const ofPanel = parametersOf(panelOf(rate, {}, { interval: '1m' }), scopeOf(HOUR, 700));
    assert.deepEqual([ofPanel.step, ofPanel.query], ['60', 'rate(x[1m10s])']);
  });

  test('asks for no more points than the panel or Prometheus allows', () => {
    assert.equal(parametersOf(panelOf('x', {}, { maxDataPoints: 60 }), scopeOf(HOUR, 2000)).step, '60');
    // A min step of 1 s over a day would be 86,400 points; Grafana takes the ladder's step for 11,000.
    assert.equal(parametersOf(panelOf('x', { interval: '1s' }), scopeOf(DAY, 86_400)).step, '10');
  });

  test('knows the dashboard’s time', () => {
    const expr = `increase(x[$__range]) / $__range_s + $\{__range_ms} + $__from`;
    const { query } = parametersOf(panelOf(expr), scopeOf(HOUR, 700));
    assert.equal(query, `increase(x[3600s]) / 3600 + 3600000 + ${(NOW - HOUR) * 1000}`);
  });
});

test('an instant query asks for the end of the time range; hidden and empty queries are not asked', () => {
  const panel: Panel = {
    type: 'piechart',
    targets: [
      { expr: 'x', instant: true, range: false },
      { expr: 'y', hide: true },
      { expr: ' ' },
      { expr: 'z', instant: true, range: true },
    ],
  };
  assert.deepEqual(
    panelRequests(panel, scopeOf(HOUR, 700)).map(({ refId, path, parameters }) => [refId, path, parameters.time]),
    [
      ['A', 'query', String(NOW)],
      ['D', 'query_range', undefined],
      ['D', 'query', String(NOW)],
    ],
  );
});

describe('a variable', () => {
  const dashboard = (job: object): Dashboard => ({
    templating: { list: [{ name: 'job', type: 'query', multi: true, includeAll: true, ...job }] },
  });
  const written = (expr: string, job: object, chosen = {}, known = {}) =>
    parametersOf(panelOf(expr), scopeOf(HOUR, 700, resolveVariables(dashboard(job), chosen, known))).query;

  test('stands for its value for All, unescaped, and else for all values', () => {
    const all = { current: { value: ['$__all'] } };
    assert.equal(written('x{job=~"$job"}', { ...all, allValue: '.*' }), 'x{job=~".*"}');
    assert.equal(written('x{job=~"$job"}', all, {}, { job: ['a', 'b.c'] }), String.raw`x{job=~"(a|b\\.c)"}`);
  });

  test('is an alternation where several values are chosen, each escaped for a regular expression in a string', () => {
    assert.equal(written('x{job=~"$job"}', {}, { job: ['rag', 'a+b'] }), String.raw`x{job=~"(rag|a\\+b)"}`);
    assert.equal(written('x{job=~"$job"}', {}, { job: 'a(b)' }), String.raw`x{job=~"a\\(b\\)"}`);
    assert.equal(written('x{job="$job"}', { multi: false, includeAll: false }, { job: 'a.b' }), 'x{job="a.b"}');
  });

  test('is found in every form, and what is no variable is left alone', () => {
    const job = { job: ['a', 'b'] };
    assert.equal(written(`$\{job} [[job]] $\{job:pipe} $\{job:csv} $jobs $1`, {}, job), '(a|b) (a|b) a|b a,b $jobs $1');
  });
});

describe('a panel that is read', () => {
  const panel: Panel = { type: 'timeseries', targets: [{ expr: 'a' }, { expr: 'b' }] };
  const read = (of: Panel, ask: PrometheusClient['ask']) =>
    readPanel(of, panelRequests(of, scopeOf(HOUR, 700)), { ask });

  test('a panel has the series of its queries in their order, and each remark of Prometheus once', async () => {
    const { series, warnings } = await read(panel, async <Data>(_: string, parameters?: Record<string, string>) => {
      const data: QueryData = {
        resultType: 'vector',
        result: [{ metric: { of: parameters?.query ?? '' }, value: [0, '1'] }],
      };
      return { data: data as Data, warnings: ['partial'] };
    });
    assert.deepEqual([series.map(({ labels }) => labels.of), warnings], [['a', 'b'], ['partial']]);
  });

  test('an error of Prometheus names the query that it is about, where a panel has several', async () => {
    const refuse = async (_: string, parameters?: Record<string, string>) => {
      if (parameters?.query === 'b') throw new PrometheusError('parse error', 'bad_data');
      return new Promise<never>(() => {});
    };
    await assert.rejects(read(panel, refuse), { message: 'Query B: parse error', errorType: 'bad_data' });
    const alone: Panel = { ...panel, targets: [{ expr: 'b' }] };
    await assert.rejects(read(alone, refuse), { message: 'parse error' });
  });

  test('what is no answer of Prometheus stays the error that it is', async () => {
    const lost = new TypeError('fetch failed');
    await assert.rejects(
      read(panel, () => Promise.reject(lost)),
      lost,
    );
  });
});

describe('a series', () => {
  const request = { refId: 'A', path: 'query_range' as const, parameters: { step: '10' } };
  const matrix = (...metrics: Record<string, string>[]): QueryData => ({
    resultType: 'matrix',
    result: metrics.map((metric) => ({ metric, values: [[0, '1']] })),
  });
  const named = (legendFormat: string | undefined, ...metrics: Record<string, string>[]) =>
    toSeries(panelOf('sum(x)', { legendFormat }), [{ request, data: matrix(...metrics) }]).map(({ name }) => name);

  test('is called as the legend’s format, or by Grafana’s rules', () => {
    const up = { __name__: 'up', job: 'a', instance: 'b:1' };
    assert.deepEqual(named('{{job}} on {{ instance }}{{none}}', up), ['a on b:1']);
    assert.deepEqual(named(undefined, up), ['up{job="a", instance="b:1"}']);
    assert.deepEqual(named('__auto', up), ['{__name__="up", job="a", instance="b:1"}']);
    assert.deepEqual(named('__auto', { job: 'a' }, { job: 'b' }), ['a', 'b']);
    assert.deepEqual(named('__auto', {}), ['sum(x)']);
    assert.deepEqual(named('', {}), ['sum(x)']);
    assert.deepEqual(named('', { __name__: 'up' }), ['up']);
  });

  test('keeps its gaps, and has no value where Prometheus says NaN', () => {
    const values: [number, string][] = [
      [0, '1'],
      [10, 'NaN'],
      [40, '+Inf'],
    ];
    const data: QueryData = { resultType: 'matrix', result: [{ metric: {}, values }] };
    assert.deepEqual(toSeries(panelOf('x'), [{ request, data }])[0]?.points, [
      [0, 1],
      [10, null],
      [20, null],
      [30, null],
      [40, Infinity],
    ]);
  });

  test('is also a vector, or a scalar', () => {
    const vector: QueryData = { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [5, '2'] }] };
    const scalar: QueryData = { resultType: 'scalar', result: [5, '3'] };
    const series = toSeries(panelOf('x'), [
      { request, data: vector },
      { request, data: scalar },
    ]);
    assert.deepEqual(
      series.map(({ points }) => points),
      [[[5, 2]], [[5, 3]]],
    );
  });
});

test('calculations leave out what is no value', () => {
  const series: Pick<Series, 'points'> = { points: [4, null, 2, 9, 1, null].map((value, index) => [index, value]) };
  const expected: Record<string, number | null> = {
    mean: 4,
    median: 3,
    lastNotNull: 1,
    last: null,
    first: 4,
    firstNotNull: 4,
    min: 1,
    max: 9,
    sum: 16,
    count: 4,
    range: 8,
    diff: -3,
    delta: 2 + 7 + 1,
    variance: 9.5,
  };
  for (const [calc, value] of Object.entries(expected)) assert.equal(reduce(series, calc), value, calc);
  assert.equal(reduce({ points: [[0, null]] }, 'mean'), null);
});

test('values are written in the size that fits them, with three digits or the decimals that are asked for', () => {
  const cases: [value: number | null, unit: string, decimals: number | undefined, text: string][] = [
    [0.25, 's', undefined, '250 ms'],
    [0.007, 's', undefined, '7 ms'],
    [0.00004, 's', undefined, '40 µs'],
    [1.5, 's', undefined, '1.50 s'],
    [0, 's', undefined, '0 s'],
    [126, 's', undefined, '2.10 mins'],
    [9000, 's', 1, '2.5 hours'],
    [100, 'ms', 0, '100 ms'],
    [1250, 'ms', 2, '1.25 s'],
    [10_000_086.123, 'ms', 1, '2.8 hours'],
    [0.1234, 'percentunit', undefined, '12.3%'],
    [0.05, 'percentunit', 1, '5.0%'],
    [-0.0001, 'percentunit', 1, '0.0%'],
    [45.67, 'percent', undefined, '45.7%'],
    [0.0045, 'currencyUSD', undefined, '$0.00450'],
    [-3, 'currencyUSD', 2, '-$3.00'],
    [1532.82, 'currencyUSD', 2, '$1.53K'],
    [1234, 'short', undefined, '1.23 K'],
    [1_000_000, 'short', undefined, '1 Mil'],
    [7, 'short', 0, '7'],
    [1234.5, 'none', undefined, '1235'],
    [0.0475, 'reqps', undefined, '0.0475 req/s'],
    [2500, 'ops', undefined, '2.50K ops/s'],
    [10_240_000_000, 'bytes', 3, '9.537 GiB'],
    [Infinity, 's', undefined, '∞'],
    [null, 's', undefined, 'No data'],
  ];
  for (const [value, unit, decimals, text] of cases) assert.equal(formatValue(value, unit, decimals), text);
});

test('ticks have as many decimals as their distance needs, bounds as many as they have', () => {
  assert.deepEqual(formatTicks([0, 0.5, 1, 1.5], 's'), ['0 s', '500 ms', '1.0 s', '1.5 s']);
  assert.deepEqual(formatTicks([0, 0.25, 0.5], 'percentunit'), ['0%', '25%', '50%']);
  assert.deepEqual(formatTicks([0, 500, 1000, 1500], 'short'), ['0', '500', '1.0 K', '1.5 K']);
  assert.deepEqual(
    [2.5, 0.1, 10].map((bound) => formatExactly(bound, 's')),
    ['2.5 s', '100 ms', '10 s'],
  );
});

test('the text of a panel says its calculations, and its thresholds', () => {
  const panel: Panel = {
    type: 'timeseries',
    title: 'Latency',
    options: { legend: { calcs: ['mean', 'lastNotNull'] } },
    fieldConfig: {
      defaults: {
        unit: 's',
        thresholds: {
          steps: [
            { value: null, color: 'green' },
            { value: 2, color: 'red' },
          ],
        },
      },
      overrides: [{ matcher: { id: 'byName', options: 'cost' }, properties: [{ id: 'unit', value: 'currencyUSD' }] }],
    },
  };
  const series: Series[] = ['p95', 'cost'].map((name) => ({
    refId: 'A',
    name,
    labels: {},
    points: [
      [0, 1],
      [10, 2],
    ],
  }));
  assert.deepEqual(panelText(panel, series), {
    summary: 'Latency: last p95 2 s, cost $2; threshold: red from 2 s.',
    columns: ['Name', 'Mean', 'Last'],
    rows: [
      ['p95', '1.50 s', '2 s'],
      ['cost', '$1.50', '$2'],
    ],
  });
  assert.deepEqual(panelText(panel, []).summary, 'Latency: No data.');
});

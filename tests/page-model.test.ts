import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeAlerts, concerns, metricsOf, mutedBy } from '../src/page/model/alerts.js';
import { placePanels } from '../src/page/model/layout.js';
import { formatState, type PageState, parseRefresh, parseState } from '../src/page/model/page-state.js';
import { pointTable, toCsv } from '../src/page/model/point-table.js';
import { describeRange, parseTime, resolveRange, shiftRange, zoomOut } from '../src/page/model/time-range.js';
import { defaultValues, toggleValue, valueSource } from '../src/page/model/variables.js';
import type { LoadedRule } from '../src/prometheus/client.js';

const NOW = Date.parse('2026-03-12T10:20:30Z');
const MINUTE = 60_000;

test('a time in the address of the page is read as Grafana reads it', () => {
  for (const [text, expected] of [
    ['now', NOW],
    ['now-90m', NOW - 90 * MINUTE],
    ['now+1h', NOW + 60 * MINUTE],
    ['now-2d', NOW - 2 * 24 * 60 * MINUTE],
    ['now/h', Date.parse('2026-03-12T10:00:00Z')],
    [String(NOW), NOW],
    ['2026-03-12T08:00:00.000Z', Date.parse('2026-03-12T08:00:00Z')],
  ] as const) {
    assert.equal(parseTime(text, NOW), expected, text);
  }
  assert.equal(parseTime('now/h', NOW, 'end'), Date.parse('2026-03-12T10:59:59.999Z'));
  const midnight = new Date(NOW);
  midnight.setHours(0, 0, 0, 0);
  assert.equal(parseTime('now/d', NOW), midnight.getTime());
});

test('what is no time in the address of the page is not read as one', () => {
  for (const text of ['', 'now-', 'now-1x', 'nowhere', '12', 'yesterday', '2026-99-99', 'now-1h<script>']) {
    assert.equal(parseTime(text, NOW), undefined, text);
  }
  assert.equal(resolveRange({ from: 'now', to: 'now-1h' }, NOW), undefined);
});

test('a time range that ends now still does after zooming out, and is twice as long', () => {
  assert.deepEqual(zoomOut({ from: 'now-1h', to: 'now' }, NOW), { from: 'now-2h', to: 'now' });
  assert.deepEqual(zoomOut({ from: 'now-45m', to: 'now' }, NOW), { from: 'now-90m', to: 'now' });
});

test('a time range in the past grows on both sides, but not beyond now', () => {
  const raw = { from: String(NOW - 60 * MINUTE), to: String(NOW - 30 * MINUTE) };
  assert.deepEqual(zoomOut(raw, NOW), { from: String(NOW - 75 * MINUTE), to: String(NOW - 15 * MINUTE) });
  const recent = { from: String(NOW - 20 * MINUTE), to: String(NOW) };
  assert.deepEqual(zoomOut(recent, NOW), { from: String(NOW - 40 * MINUTE), to: String(NOW) });
});

test('a time range moves by half its length, but not beyond now', () => {
  const hour = { from: 'now-1h', to: 'now' };
  const earlier = { from: String(NOW - 90 * MINUTE), to: String(NOW - 30 * MINUTE) };
  assert.deepEqual(shiftRange(hour, -1, NOW), earlier);
  assert.deepEqual(shiftRange(earlier, 1, NOW), { from: String(NOW - 60 * MINUTE), to: String(NOW) });
  assert.deepEqual(resolveRange(shiftRange(hour, 1, NOW), NOW), resolveRange(hour, NOW));
});

test('a time range is shown by its short name where it has one', () => {
  assert.equal(describeRange({ from: 'now-6h', to: 'now' }, NOW), 'Last 6 hours');
  assert.match(describeRange({ from: String(NOW), to: 'now' }, NOW), /^2026-03-1\d \d\d:\d\d:\d\d to now$/);
});

const defaults: PageState = {
  range: { from: 'now-1h', to: 'now' },
  refreshSeconds: 10,
  theme: 'system',
  variables: { job: ['$__all'] },
  viewPanel: undefined,
};

test('the state of the page is read back from the address that it writes', () => {
  const state: PageState = {
    range: { from: '1773310830000', to: 'now' },
    refreshSeconds: 60,
    theme: 'dark',
    variables: { job: ['a & b', 'c=d'] },
    viewPanel: 3,
  };
  assert.deepEqual(parseState(formatState(state), defaults), state);
  assert.deepEqual(parseState(formatState(defaults), defaults), defaults);
});

test('the state of the page is that of the dashboard where the address has none or a wrong one', () => {
  for (const search of ['', '?from=x&to=now&theme=pink&viewPanel=one', '?from=now-5m', '?from=now&to=now-1h']) {
    assert.deepEqual(parseState(search, defaults), defaults, search);
  }
  assert.equal(parseState('?refresh=', defaults).refreshSeconds, 0);
  assert.equal(parseState('?viewPanel=panel-7', defaults).viewPanel, 7);
  assert.deepEqual(['1m', '5s', '1m30s', '1d'].map(parseRefresh), [60, 5, 90, 86_400]);
  for (const text of [false, 'off', '500ms', '2d', '9999h', '5'] as const) assert.equal(parseRefresh(text), 0);
});

const rules = (query: string, extra: object = {}): LoadedRule[] => [
  {
    type: 'recording',
    name: 'job:errors:ratio',
    query: 'sum(rate(rag_errors_total[5m])) / 2',
    health: 'ok',
  },
  {
    type: 'alerting',
    name: 'Bad',
    query,
    health: 'ok',
    alerts: [
      {
        labels: { alertname: 'Bad', severity: 'warning', job: 'rag' },
        annotations: { summary: 'it is bad' },
        state: 'firing',
        activeAt: '2026-03-12T10:20:30Z',
        ...extra,
      },
    ],
  },
];

test("the metrics of an alert's expression are found, and nothing else", () => {
  const named = (expr: string) => [...metricsOf(expr)].sort();
  assert.deepEqual(
    named('histogram_quantile(0.95, sum by (job, le) (rate(rag_query_latency_seconds_bucket{job=~"$job"}[5m]))) > 2'),
    ['rag_query_latency_seconds'],
  );
  assert.deepEqual(named('a{x="b }"} / on (c) group_left (d) e offset 5m > bool 1 and F unless absent(up{g="h"})'), [
    'F',
    'a',
    'e',
    'up',
  ]);
  assert.deepEqual(named('count({__name__="odd_total"}) by (x) # note_total'), ['odd_total']);
});

test('an alert belongs to the panels that show its metric, also by a recording rule', () => {
  const [direct] = activeAlerts(rules('sum(rate(rag_requests_total[5m])) > 1'));
  const [recorded] = activeAlerts(rules('job:errors:ratio > 0.1'));
  assert.ok(direct && recorded);
  assert.equal(concerns(direct, ['rate(rag_requests_total[1m])'], {}), true);
  assert.equal(concerns(direct, ['rate(rag_errors_total[1m])'], {}), false);
  assert.equal(concerns(recorded, ['rate(rag_errors_total[1m])'], {}), true);
});

test('an alert whose label a variable of the page excludes is not shown', () => {
  const [alert] = activeAlerts(rules('rag_x > 1'));
  assert.ok(alert);
  assert.equal(concerns(alert, ['rag_x'], { job: ['other'] }), false);
  assert.equal(concerns(alert, ['rag_x'], { job: ['other', 'rag'], region: ['eu'] }), true);
  assert.equal(concerns(alert, ['rag_x'], { job: ['$__all'] }), true);
});

test('active alerts differ from resolved ones, and Alertmanager says which are silenced', () => {
  assert.equal(activeAlerts(rules('x', { state: 'inactive' })).length, 0);
  const [alert] = activeAlerts(rules('x'));
  assert.ok(alert);
  const managed = { job: 'rag', severity: 'warning', alertname: 'Bad', cluster: 'external label' };
  const muted = (state: 'active' | 'suppressed', silencedBy: string[] = [], more = {}) =>
    mutedBy(alert, [{ labels: { ...managed, ...more }, status: { state, silencedBy } }]);
  assert.equal(muted('suppressed', ['1']), 'silenced');
  assert.equal(muted('suppressed'), 'inhibited');
  assert.equal(muted('active'), undefined);
  assert.equal(muted('suppressed', ['1'], { alertname: 'Other' }), undefined);
});

test('the values of a variable come from label_values or a list, and All excludes the others', () => {
  const job = { name: 'job', type: 'query', includeAll: true };
  const source = (query: string, type = 'query') => valueSource({ ...job, type, query });
  assert.deepEqual(source('label_values(rag_requests_total{a="b, c"}, job)'), {
    label: 'job',
    match: 'rag_requests_total{a="b, c"}',
  });
  assert.deepEqual(source('label_values(job)'), { label: 'job', match: undefined });
  assert.equal(source('query_result(up)'), undefined);
  assert.deepEqual(source('a,b\\,c', 'custom'), { values: ['a', 'b,c'] });
  assert.deepEqual(defaultValues(job), ['$__all']);
  assert.deepEqual(toggleValue(['$__all'], 'a'), ['a']);
  assert.deepEqual(toggleValue(['a'], 'b'), ['a', 'b']);
  assert.deepEqual(toggleValue(['a'], 'a'), ['$__all']);
  assert.deepEqual(toggleValue(['a', 'b'], '$__all'), ['$__all']);
});

test('the layout opens collapsed rows, moves down the panels below them, and gives every panel an id', () => {
  const inner = { type: 'stat', gridPos: { x: 0, y: 5, w: 6, h: 4 } };
  const placed = placePanels([
    { type: 'stat', gridPos: { x: 0, y: 1, w: 6, h: 4 } },
    { type: 'row', id: 1, gridPos: { x: 0, y: 0, w: 24, h: 1 }, panels: [inner] },
    { type: 'stat', gridPos: { x: 6, y: 1, w: 6, h: 4 } },
  ]);
  assert.deepEqual(
    placed.map(({ id, gridPos: { x, y } }) => [id, x, y]),
    [
      [1, 0, 0],
      [2, 0, 1],
      [3, 0, 5],
      [4, 6, 5],
    ],
  );
});

test('points become a table with the newest first, and a file in which no cell is a formula', () => {
  const series = (name: string, points: [number, number | null][]) => ({ refId: 'A', name, labels: {}, points });
  const table = pointTable([
    series('=HYPERLINK("x")', [
      [10, 1.5],
      [20, null],
    ]),
    series('a, b', [[20, -2]]),
  ]);
  assert.deepEqual(table.rows, [
    { ms: 20_000, values: [null, -2] },
    { ms: 10_000, values: [1.5, null] },
  ]);
  assert.equal(
    toCsv(table),
    'time,"\'=HYPERLINK(""x"")","a, b"\n1970-01-01T00:00:10.000Z,1.5,\n1970-01-01T00:00:20.000Z,,-2\n',
  );
});

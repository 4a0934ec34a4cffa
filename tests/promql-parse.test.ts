import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../config.js';
import { alertRules } from '../src/dashboard/rules.js';
import { parse, positionAt, splitThreshold } from '../src/promql/index.js';

const cases: [expr: string, left: string, operator: string, threshold: number, rest: string][] = [
  ['A > 2', 'A', '>', 2, ''],
  ['A > 2\nand B >= 10', 'A', '>', 2, '\nand B >= 10'],
  ['sum(a) / sum(b)\n  > 0.05 and sum(b) > 1', 'sum(a) / sum(b)', '>', 0.05, ' and sum(b) > 1'],
  ['(A > 2) and B >= 10', 'A', '>', 2, ' and B >= 10'],
  ['((A > 2) and (B >= 10)) or C < 1', 'A', '>', 2, ' and (B >= 10) or C < 1'],
  ['(a + b) * 2 <= 60 * 60', '(a + b) * 2', '<=', 3600, ''],
  ['2 < A', 'A', '>', 2, ''],
  ['A != -1 unless on (job) B', 'A', '!=', -1, ' unless on (job) B'],
  ['A offset 1h == 1e3', 'A offset 1h', '==', 1000, ''],
  ['a{b=") > 5"} > 6', 'a{b=") > 5"}', '>', 6, ''],
];
for (const [expr, left, operator, threshold, rest] of cases) {
  test(`splitThreshold divides ${JSON.stringify(expr)} at its threshold`, () => {
    assert.deepEqual(splitThreshold(expr), { left, operator, threshold, rest });
  });
}

test('splitThreshold gives undefined where no comparison with a number comes first, or where brackets cannot be removed', () => {
  for (const expr of [
    'A',
    'A > B',
    'absent(up)',
    'A > bool 2',
    '2 > 1',
    'A and B > 2',
    '(A > 2 or B > 3) and C',
    'sum(A > 2)',
    'A >',
  ])
    assert.equal(splitThreshold(expr), undefined, expr);
});

test('splitThreshold finds the setting of each alert of the lesson', () => {
  const settings = parseConfig({});
  const thresholds = alertRules(settings).map(({ expr }) => splitThreshold(expr)?.threshold);
  assert.deepEqual(thresholds, [
    settings.ALERT_QUERY_P95_SECONDS,
    settings.ALERT_ERROR_RATIO,
    settings.ALERT_CACHE_HIT_RATIO,
    settings.ALERT_DAILY_COST_USD,
    settings.ALERT_RATE_LIMIT_REMAINING,
  ]);
});

const wrong: [expr: string, at: string, message: RegExp][] = [
  ['sum(rate(x[5m])', '1:16', /^the expression ends too early: "\)" is missing$/],
  ['x{a="b"', '1:8', /"}" is missing/],
  ['x[5m', '1:5', /"]" is missing/],
  ['sum(x) +', '1:9', /something is missing after it/],
  ['', '1:1', /^there is no expression$/],
  ['histogram_quantil(0.9, x)', '1:1', /^there is no function histogram_quantil\(\): is it histogram_quantile\(\)\?$/],
  ['x{a=b}', '1:5', /^"b" is not expected here$/],
  ['sum(x)\n  > > 5', '2:5', /^">" is not expected here$/],
  ['a b', '1:3', /^"b" is not expected here$/],
  ['rate(x)', '1:1', /^rate\(\) takes a window, such as \[5m\]/],
  ['sum(x[5m])', '1:1', /^sum\(\) takes series without a window$/],
  ['vector()', '1:1', /^vector\(\) takes a number$/],
  ['label_replace(x, "a", b)', '1:1', /^label_replace\(\) takes series without a window, a text in quotes, /],
  ['1 > 2', '1:1', /^">" of two numbers needs bool$/],
  ['x and 1', '1:1', /^"and" takes series: a number is made one by vector\(\)$/],
  ['x[5m] > 1', '1:1', /^">" takes no window/],
  ['rate(sum(x)[5m])', '1:6', /a subquery is written \[1h:5m\]/],
  ['{}', '1:1', /matches everything/],
  ['sum(x) offset 5m', '1:8', /belong right behind a selector/],
];
for (const [expr, at, message] of wrong) {
  test(`parse reports what is wrong with ${JSON.stringify(expr)}, and where`, () => {
    const { problem } = parse(expr);
    assert.ok(problem);
    assert.match(problem.message, message);
    const { line, column } = positionAt(expr, problem.from);
    assert.equal(`${line}:${column}`, at);
  });
}

const grafana = [
  'rate(x{job=~"$job"}[$__rate_interval])',
  'increase(x[$__range])',
  'max_over_time(rate(x[${w}])[$__range:$__interval])',
  'rate(x[[[w]]])',
  'sum by ($group, le) (x)',
  'topk($n, sum by (${label:csv}) (x))',
  '${agg}(x)',
  '$a(x)',
  '${metric}{a="b"} > $limit',
  'rag_${what}_total * $__interval_ms / ${__range_s}',
  'x{$filter}',
  'x{a="b", ${filter:raw}, c!="[[d]]"} offset $shift',
  'rate(x[${minutes}m])',
  'x{a=~"[[job]]|[0-9]$"}',
];
for (const expr of grafana) {
  test(`parse accepts the variables of Grafana in ${expr}, and keeps every position`, () => {
    assert.equal(parse(expr).problem, undefined);
    const { problem } = parse(`${expr} )`);
    assert.equal(problem?.from, expr.length + 1);
  });
}

test('parse binds offset and @ to the selector before it, as Prometheus does', () => {
  const { root } = parse('a + b offset 5m * c @ end()');
  assert.ok(root?.kind === 'binary' && root.operator === '+');
  assert.ok(root.right.kind === 'binary' && root.right.left.kind === 'selector');
  assert.equal(root.right.left.modifier, 'offset 5m');
  assert.deepEqual(root.outer, { from: 0, to: 27 });
});

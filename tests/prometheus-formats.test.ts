import assert from 'node:assert/strict';
import { test } from 'node:test';
import { options } from '../src/cli/index.js';
import { formatDuration, parseDuration } from '../src/prometheus/duration.js';
import { parseExposition } from '../src/prometheus/exposition.js';
import { labelsText, parseLabels, seriesText } from '../src/prometheus/labels.js';
import { formatNumber, parseNumber } from '../src/prometheus/number.js';
import { MAX_POINTS, splitRange } from '../src/prometheus/range.js';
import { parseRules } from '../src/prometheus/rule-file.js';
import { metricsOfPage } from '../src/promql/analysis/page-metrics.js';

test('a duration is written as Prometheus writes it, and read back', () => {
  const texts: [seconds: number, text: string][] = [
    [0, '0s'],
    [0.25, '250ms'],
    [1.5, '1s500ms'],
    [15, '15s'],
    [90, '1m30s'],
    [5400, '1h30m'],
    [26 * 3600, '26h'],
    [2 * 86_400, '2d'],
    [14 * 86_400, '2w'],
    [365 * 86_400, '1y'],
  ];
  for (const [seconds, text] of texts) {
    assert.equal(formatDuration(seconds), text);
    assert.equal(parseDuration(text), seconds, text);
  }
  assert.equal(parseDuration('0'), 0);
  assert.equal(parseDuration('1y2w3d4h5m6s7ms'), 365 * 86_400 + 17 * 86_400 + 4 * 3600 + 306.007);
});

test('a text that Prometheus does not take for a duration is none', () => {
  for (const text of ['', '5', 'm', '5 m', ' 5m', '-1m', '1m30', '1.5m', '30s1m', '1m1m', '1M', '1ms1s'])
    assert.equal(parseDuration(text), undefined, text);
});

test('a command takes the durations that Prometheus takes, and no others', () => {
  const { read } = options.durations('');
  for (const text of ['0', '0s', '15s', '1h30m', '1y2w3d4h5m6s7ms', '', '5', 'm', '1.5m', '30s1m', '1m1m', '1M', '-1m'])
    assert.equal(read?.(text) !== undefined, parseDuration(text) !== undefined, text);
});

test('a number is read as Prometheus writes it, infinite ones and NaN among them', () => {
  const numbers: [text: string, value: number][] = [
    ['0.5', 0.5],
    ['1e-07', 1e-7],
    ['+Inf', Infinity],
    ['Inf', Infinity],
    ['-Inf', -Infinity],
    ['-infinity', -Infinity],
    ['NaN', Number.NaN],
    ['', Number.NaN],
    ['much', Number.NaN],
  ];
  for (const [text, value] of numbers) assert.equal(parseNumber(text), value, text);
  assert.deepEqual([0.1, Infinity, -Infinity, Number.NaN].map(formatNumber), ['0.1', '+Inf', '-Inf', 'NaN']);
});

test('labels with quotes, backslashes, line breaks and tabs are read back as they were', () => {
  const labels = { plain: 'a', hostile: 'a "b" \\ c\nd\te}, f="g"', empty: '' };
  assert.equal(labelsText(labels), '{plain="a",hostile="a \\"b\\" \\\\ c\\nd\te}, f=\\"g\\"",empty=""}');
  assert.deepEqual(parseLabels(labelsText(labels)), labels);
  assert.deepEqual(parseLabels(labelsText(labels, ', ')), labels);
});

test('a series is its name and its labels, and the name alone where it has none', () => {
  assert.equal(seriesText({ __name__: 'up', job: 'a', instance: 'b' }, ', '), 'up{job="a", instance="b"}');
  assert.equal(seriesText({ __name__: 'up' }), 'up');
  assert.equal(seriesText({ job: 'a' }), '{job="a"}');
  assert.deepEqual(parseLabels('{"a name", "a.label"="b"}'), { __name__: 'a name', 'a.label': 'b' });
});

test('a page of metrics is read with its labels, infinite values, timestamps and exemplars', () => {
  const { types, samples } = parseExposition(`# HELP x Says {"a"} 1
# TYPE x histogram
x_bucket{le="1",path="/{id}"} 2 # {trace_id="abc"} 0.5 1700000000.1
x_bucket{le="+Inf",path="/{id}"} 3
# TYPE y gauge
y -Inf 1700000000000
{"a name",job="b"} 7
no sample
# EOF
`);
  assert.deepEqual(
    [...types],
    [
      ['x', 'histogram'],
      ['y', 'gauge'],
    ],
  );
  assert.deepEqual(samples, [
    { name: 'x_bucket', labels: { le: '1', path: '/{id}' }, value: 2 },
    { name: 'x_bucket', labels: { le: '+Inf', path: '/{id}' }, value: 3 },
    { name: 'y', labels: {}, value: -Infinity },
    { name: 'a name', labels: { job: 'b' }, value: 7 },
  ]);
});

test('the metrics of a page have the labels and bounds of their series, and no label of an exemplar', () => {
  const page = `# TYPE x histogram
x_bucket{le="1",path="a"} 2 # {trace_id="abc"} 0.5
x_bucket{le="0.5",path="a"} 2
x_bucket{le="+Inf",path="a"} 3
x_sum{path="a"} 3
# TYPE unseen counter
plain_count 1
`;
  assert.deepEqual(metricsOfPage(page), [
    { name: 'x', type: 'histogram', labels: ['path'], buckets: [0.5, 1] },
    { name: 'unseen', type: 'counter', labels: undefined },
    { name: 'plain_count', type: 'untyped', labels: [] },
  ]);
});

test('a long range is split into parts that Prometheus takes, which have each step once', () => {
  const whole = { fromSeconds: 100, toSeconds: 100 + 25_000 * 5, stepSeconds: 5 };
  const parts = [...splitRange(whole)];
  assert.equal(parts.length, 3);
  const steps = parts.flatMap(({ fromSeconds, toSeconds, stepSeconds }) =>
    Array.from({ length: (toSeconds - fromSeconds) / stepSeconds + 1 }, (_, step) => fromSeconds + step * stepSeconds),
  );
  assert.deepEqual(
    steps,
    Array.from({ length: 25_001 }, (_, step) => 100 + step * 5),
  );
  for (const { fromSeconds, toSeconds } of parts) assert.ok((toSeconds - fromSeconds) / 5 + 1 <= MAX_POINTS);
  assert.deepEqual([...splitRange({ ...whole, toSeconds: 100 })], [{ ...whole, toSeconds: 100 }]);
});

test('a rule file is read with anchors, merged keys, several documents, and the spec of the Kubernetes operator', () => {
  const rules = parseRules(`groups:
  - name: a
    rules:
      - &slow
        alert: Slow
        expr: |
          latency
            > 2
        for: 5m
        keep_firing_for: 10m
        labels: { severity: warning }
      - <<: *slow
        alert: Slower
      - record: a:b
        expr: 'sum(b)'
      - { alert: WithoutExpression }
      - comment: no rule
---
kind: PrometheusRule
spec:
  groups:
    - rules: [{ alert: Down, expr: up == 0, for: 0 }]
    - { name: empty }
`);
  assert.deepEqual(
    rules?.map(({ lineInFile, ...rule }) => [rule, lineInFile(rule.expr.indexOf('>'))]),
    [
      [
        {
          isAlert: true,
          name: 'Slow',
          expr: 'latency\n  > 2\n',
          for: '5m',
          keepFiringFor: '10m',
          labels: { severity: 'warning' },
        },
        8,
      ],
      [
        {
          isAlert: true,
          name: 'Slower',
          expr: 'latency\n  > 2\n',
          for: '5m',
          keepFiringFor: '10m',
          labels: { severity: 'warning' },
        },
        1,
      ],
      [{ isAlert: false, name: 'a:b', expr: 'sum(b)', labels: {} }, 15],
      [{ isAlert: true, name: 'Down', expr: 'up == 0', for: '0', labels: {} }, 22],
    ],
  );
});

test('a text that is no rule file has no rules, and one that is no YAML is an error in one line with its place', () => {
  for (const text of ['', 'a: 1', '- 1', 'text', 'groups: none']) assert.equal(parseRules(text), undefined, text);
  assert.throws(() => parseRules('a: [1'), /^SyntaxError: [^\n]* at line 1, column \d+$/);
});

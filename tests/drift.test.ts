import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parseConfig } from '../config.js';
import { panels } from '../src/dashboard/panels.js';
import { alertRules, recordingRules } from '../src/dashboard/rules.js';
import { FORMULAS } from '../src/lesson/formulas.js';
import { metricsTable, panelsTable } from '../src/lesson/tables.js';
import { catalogue, type MetricDefinition } from '../src/m2_3_monitoring/index.js';
import { lint } from '../src/promql/index.js';
import { DOCUMENTS } from './helpers/documents.js';
import { joined, NOTEBOOK, readCells } from './helpers/notebook.js';
import { readRepositoryFile } from './helpers/repository.js';

// The catalogue is the source; every other place that names a metric, a label or a boundary is held to it.
const DEFAULTS = parseConfig({});
const definitions = Object.values<MetricDefinition>(catalogue);
const SUFFIX = /_(bucket|sum|count)$/;

function definitionOf(series: string): MetricDefinition | undefined {
  return definitions.find(
    ({ name, type }) => name === series || (type === 'histogram' && name === series.replace(SUFFIX, '')),
  );
}

/** Every series that a PromQL expression or a text names. */
const seriesIn = (text: string) => [
  ...new Set([...text.matchAll(/(?<![\w:])rag_[a-z0-9_]*[a-z0-9]/g)].map(([name]) => name)),
];

function assertKnown(text: string, where: string): void {
  for (const series of seriesIn(text)) assert.ok(definitionOf(series), `${where}: ${series} is not in the catalogue`);
}

const expressions: [where: string, expr: string, isAlert: boolean][] = [
  ...panels(DEFAULTS).flatMap(({ title, queries }) =>
    queries.map(({ expr }): [string, string, boolean] => [`panel ${title}`, expr, false]),
  ),
  ...recordingRules().map(({ record, expr }): [string, string, boolean] => [`recording ${record}`, expr, false]),
  ...alertRules(DEFAULTS).map(({ alert, expr }): [string, string, boolean] => [`alert ${alert}`, expr, true]),
  ...FORMULAS.map(({ question, ours }): [string, string, boolean] => [`formula ${question}`, ours, false]),
];

test('no query has a mistake that the linter knows, and each uses series, labels and boundaries of the catalogue', () => {
  for (const [where, expr, isAlert] of expressions) assert.deepEqual(lint(expr, { isAlert }), [], where);
});

test('every threshold that is compared with a quantile is a boundary, and a finite bucket lies above it', () => {
  const compared: [MetricDefinition, number][] = [
    [catalogue.queryLatency, DEFAULTS.ALERT_QUERY_P95_SECONDS],
    [catalogue.retrievalLatency, DEFAULTS.ALERT_RETRIEVAL_P95_SECONDS],
    [catalogue.llmLatency, DEFAULTS.ALERT_LLM_P95_SECONDS],
    [catalogue.queryCost, DEFAULTS.ALERT_QUERY_COST_P95_USD],
    [catalogue.relevanceScore, DEFAULTS.ALERT_RELEVANCE_P50],
    [catalogue.contextPrecision, DEFAULTS.ALERT_CONTEXT_PRECISION_P50],
  ];
  for (const [{ name, buckets = [] }, threshold] of compared) {
    assert.ok(buckets.includes(threshold), `${name}: ${threshold}`);
    assert.ok(
      buckets.some((bucket) => bucket > threshold),
      name,
    );
  }
});

test('every metric that the notebook, the documents and the rule tests name exists', () => {
  const notebook = readCells(NOTEBOOK)
    .map(({ source }) => joined(source))
    .join('\n');
  const files = [
    ...DOCUMENTS,
    'monitoring/tests/alerts-test.yml',
    'monitoring/tests/wrong-forms.yml',
    'monitoring/rules/alerts.yml',
  ];
  assertKnown(notebook.replaceAll('rag_pipeline', ''), 'notebook');
  for (const file of files) assertKnown(readRepositoryFile(file).replaceAll('rag_pipeline', ''), file);
});

test("the lesson's tables have the ten metrics and ten panels, and the dashboard the same panels", () => {
  assert.equal(metricsTable(DEFAULTS).Metric?.length, 10);
  const titles = panelsTable().Panel;
  const dashboard = JSON.parse(readRepositoryFile('grafana_dash.json'));
  assert.deepEqual(
    dashboard.panels.map(({ title }: { title: string }) => title),
    titles,
  );
  assert.equal(titles?.length, 10);
});

test("the rules' thresholds are those of the settings", () => {
  const changed = parseConfig({ ALERT_QUERY_P95_SECONDS: '7', ALERT_DAILY_COST_USD: '55' });
  const expr = (alert: string) => alertRules(changed).find((rule) => rule.alert === alert)?.expr ?? '';
  assert.match(expr('HighQueryLatency'), /> 7$/);
  assert.match(expr('HighCostBurn'), /> 55$/);
});

test('every alert has a severity that Alertmanager routes, a summary, a description and a test', () => {
  const tests = readRepositoryFile('monitoring/tests/alerts-test.yml');
  const { groups } = parse(readRepositoryFile('monitoring/rules/alerts.yml'));
  for (const { alert, labels, annotations } of groups[0].rules) {
    assert.match(labels.severity, /^(critical|warning|info)$/);
    assert.ok(annotations.summary && annotations.description, alert);
    assert.match(tests, new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:\\n`), `${alert} is shown firing in a test`);
  }
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { parse as parseYaml } from 'yaml';
import { lintReport } from '../src/commands/lint-promql.js';
import { lintFile, lintFiles, readExpressions } from '../src/promql/index.js';
import { assertEndsWithLine, runCommand } from './helpers/command.js';
import { inRepository, REPOSITORY, readRepositoryFile } from './helpers/repository.js';
import { serve } from './helpers/serve.js';
import { temporaryFolder } from './helpers/temporary.js';

const COMMITTED = ['grafana_dash.json', 'monitoring/rules/alerts.yml', 'monitoring/rules/recording.yml'].map((path) =>
  inRepository(path),
);

function write(t: TestContext, name: string, content: string | object): string {
  const path = join(temporaryFolder(t), name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const SELF_RATIO = 'rate(rag_requests_total{status="error"}[5m]) / rate(rag_requests_total[5m])';
const seen = (findings: ReturnType<typeof lintFile>) =>
  findings.map(({ rule, where, fileLine }) => [rule, where, fileLine]);

test('the committed dashboard and rules have no mistake, and all their expressions are read', () => {
  const { findings, expressions } = lintFiles(COMMITTED);
  assert.deepEqual(findings, []);
  const dashboard = JSON.parse(readRepositoryFile('grafana_dash.json'));
  const targets = dashboard.panels.flatMap(({ targets }: { targets: object[] }) => targets);
  const rules = COMMITTED.slice(1).flatMap(
    (path) => parseYaml(readRepositoryFile(path.slice(REPOSITORY.length + 1))).groups[0].rules,
  );
  assert.equal(expressions, targets.length + rules.length + 1, 'and the variable job');
});

test('the scrape interval that windows are checked against is that of prometheus.yml and of the data source', () => {
  const [job] = parseYaml(readRepositoryFile('prometheus.yml')).scrape_configs;
  const [source] = parseYaml(readRepositoryFile('monitoring/grafana/datasources/prometheus.yml')).datasources;
  assert.equal(job.scrape_interval, '10s');
  assert.equal(source.jsonData.timeInterval, '10s');
});

describe('a dashboard', () => {
  const panel = (title: string, ...exprs: string[]) => ({
    title,
    targets: exprs.map((expr, index) => ({ expr, refId: 'ABC'[index] })),
  });

  test('a dashboard is read with rows of both formats, variables and annotations, and as the API wraps it', (t) => {
    const dashboard = {
      panels: [
        panel('Two', 'up', SELF_RATIO),
        { type: 'row', title: 'Row', panels: [panel('Nested', 'rate(rag_requests_total[$__interval])')] },
        { title: 'Text' },
        { title: 'Logs', targets: [{ expr: '', refId: 'A' }, { query: 'select 1' }] },
      ],
      rows: [{ panels: [panel('Old', 'rag_querry_latency_seconds_count')] }],
      templating: {
        list: [
          { name: 'model', type: 'query', query: 'label_values(rag_total_cost_usd, modell)' },
          { name: 'job', type: 'query', query: { query: 'label_values(rag_requests_total{job=~".+"}, job)' } },
          { name: 'top', type: 'query', query: 'query_result(topk(3, rag_active_request))' },
          { name: 'datasource', type: 'datasource', query: 'prometheus' },
        ],
      },
      annotations: {
        list: [
          { name: 'Deploys', expr: 'changes(rag_queue_dept[5m]) > 0' },
          { builtIn: 1, name: 'Grafana' },
        ],
      },
    };
    const expected = [
      ['self-ratio', 'panel "Two" B', undefined],
      ['rate-window', 'panel "Nested"', undefined],
      ['unknown-metric', 'panel "Old"', undefined],
      ['unknown-label', 'variable model', undefined],
      ['unknown-metric', 'variable top', undefined],
      ['unknown-metric', 'annotation "Deploys"', undefined],
    ];
    assert.deepEqual(seen(lintFile(write(t, 'dashboard.json', dashboard))), expected);
    assert.deepEqual(seen(lintFile(write(t, 'wrapped.json', { meta: {}, dashboard }))), expected);
  });
});

describe('a rule file', () => {
  const RULES = `groups:
  - name: one
    rules:
      - alert: Literal
        expr: |
          sum(rate(rag_requests_total[5m])) > 1
          and sum(rate(rag_request_total[5m])) > 2
      - alert: Folded
        expr: >-
          histogram_quantile(0.95,
            sum(rate(rag_query_latency_seconds_bucket[5m]))) > 2
      - alert: Plain
        expr: rag_errors_total > 5
      - alert: Long
        expr: sum(rate(rag_requests_total[5m])) > 1 and
          sum(rate(rag_error_total[5m])) > 1
      - alert: Quoted
        expr: "sum(rate(rag_errors_total[5m]"
      - record: job:latency:p95
        expr: histogram_quantile(0.95, sum by (job, le) (rate(rag_query_latency_seconds_bucket[5m])))
  - name: two
    rules:
      - alert: OfRecorded
        expr: avg(job:latency:p95) > 2
      - alert: Right
        expr: max_over_time(job:latency:p95[10m]) > 2
`;

  test('a rule file is read with the line of each mistake, and with the metrics that it records', (t) => {
    assert.deepEqual(seen(lintFile(write(t, 'rules.yml', RULES))), [
      ['unknown-metric', 'alert Literal', 7],
      ['quantile-without-le', 'alert Folded', 11],
      ['raw-counter', 'alert Plain', 13],
      ['unknown-metric', 'alert Long', 16],
      ['syntax', 'alert Quoted', 18],
      ['averaged-quantile', 'alert OfRecorded', 24],
    ]);
  });

  test('a rule file may be one of the Kubernetes operator', (t) => {
    const inSpec = RULES.split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
    const path = write(
      t,
      'operator.yaml',
      `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n${inSpec}`,
    );
    assert.equal(lintFile(path).length, 6);
  });

  test('the recordings of a rule file are known in the dashboards that are named with it', (t) => {
    const rules = write(t, 'rules.yml', RULES);
    const dashboard = write(t, 'dashboard.json', {
      panels: [{ title: 'p95', targets: [{ expr: 'avg(job:latency:p95)' }] }],
    });
    const inDashboard = lintFiles([dashboard, rules]).findings.filter(({ file }) => file === dashboard);
    assert.deepEqual(seen(inDashboard), [['averaged-quantile', 'panel "p95"', undefined]]);
    assert.deepEqual(lintFile(dashboard), []);
  });
});

test('a file that is neither a dashboard nor a rule file is refused in one line with what is expected', (t) => {
  const cases: [path: string, message: RegExp][] = [
    [join(temporaryFolder(t), 'no.yml'), /no\.yml is not there/],
    [temporaryFolder(t), /is a folder: name the files in it$/],
    [write(t, 'a.json', '{"panels": [}'), /a\.json is no JSON: Unexpected token/],
    [
      write(t, 'b.json', { spec: { elements: {} } }),
      /b\.json is neither a dashboard of Grafana \(classic JSON with panels\) nor/,
    ],
    [write(t, 'c.yml', 'a: [1'), /c\.yml is no YAML: .* at line 1/],
    [inRepository('prometheus.yml'), /prometheus\.yml is neither/],
    [write(t, 'd.yml', ''), /d\.yml is neither/],
  ];
  for (const [path, message] of cases) {
    assert.throws(
      () => readExpressions(path),
      (error: Error) => message.test(error.message) && !error.message.includes('\n'),
      `${path}`,
    );
  }
});

describe('npm run lint:promql', () => {
  const PAGE = `# TYPE app_jobs_total counter
app_jobs_total{queue="a"} 3
# TYPE app_wait_seconds histogram
app_wait_seconds_bucket{queue="a",le="1"} 1
app_wait_seconds_bucket{queue="a",le="+Inf"} 1
app_wait_seconds_sum{queue="a"} 1
app_wait_seconds_count{queue="a"} 1
`;

  test('npm run lint:promql finds nothing in what is committed', async () => {
    assert.deepEqual(await lintReport({}), { status: 0, report: 'no mistakes in 27 expressions' });
  });

  test('npm run lint:promql prints what is wrong, where, what it gives and what is better', async () => {
    const { status, report } = await lintReport({ files: [inRepository('monitoring/tests/wrong-forms.yml')] });
    assert.equal(status, 1);
    assert.match(
      report,
      /^monitoring\/tests\/wrong-forms\.yml:6 alert HighErrorRate\n {2}error self-ratio: .*\n {4}rate.*\n {4}\^+\n {4}gives: +1, however few of all they are\n/,
    );
    assert.match(report, /better: sum\(rate\(.*\n +and sum\(increase\(rag_requests_total\[5m\]\)\) >= 10\n/);
    assert.match(report, /\n3 errors, 1 warning in 3 expressions$/);
  });

  test('npm run lint:promql exits with 0 where there are only warnings', async () => {
    const expr = ['histogram_quantile(0.95, rate(rag_query_latency_seconds_bucket[5m])) > 2'];
    const { status, report } = await lintReport({ expr });
    assert.equal(status, 0);
    assert.match(report, /^expression\n {2}warning quantile-per-instance/);
  });

  test('npm run lint:promql checks other names by the given metrics pages, from a file or a server', async (t) => {
    const { url } = await serve(t, (_request, response) => response.end(PAGE));
    const saved = write(t, 'page.txt', PAGE);
    assert.equal((await lintReport({ expr: ['rate(app_job_total[5m])'] })).status, 0, 'the name is unknown');
    for (const source of [`${url}/metrics`, saved]) {
      const wrong: [expr: string, rule: string][] = [
        ['rate(app_job_total[5m])', 'unknown-metric'],
        ['rate(app_jobs_total{que="a"}[5m])', 'unknown-label'],
        ['app_wait_seconds > 1', 'wrong-suffix'],
        ['rate(app_wait_seconds_bucket{le="2"}[5m])', 'le-boundary'],
        ['delta(app_jobs_total[5m])', 'delta-on-counter'],
      ];
      for (const [expr, rule] of wrong)
        assert.match(
          (await lintReport({ metrics: [source], expr: [expr] })).report,
          new RegExp(`error ${rule}:`),
          expr,
        );
      const right = 'histogram_quantile(0.9, sum by (queue, le) (rate(app_wait_seconds_bucket[5m])))';
      assert.equal((await lintReport({ metrics: [source], expr: [right, 'up', 'rag_queue_depth'] })).status, 0);
    }
  });

  test('npm run lint:promql takes the scrape interval and the labels of targets from its options', async () => {
    assert.match(
      (await lintReport({ expr: ['rate(x_total[1m])'], scrapeInterval: '30s' })).report,
      /at least four scrapes: \[2m\]/,
    );
    const expr = ['rag_queue_depth{env="prod"}'];
    assert.equal((await lintReport({ expr })).status, 1);
    assert.equal((await lintReport({ expr, labels: [['env', 'cluster']] })).status, 0);
  });

  test('npm run lint:promql prints JSON for programs', async () => {
    const [finding] = JSON.parse((await lintReport({ expr: [SELF_RATIO], json: true })).report);
    assert.equal(finding.rule, 'self-ratio');
    assert.deepEqual([finding.line, finding.column, finding.severity], [1, 1, 'error']);
    assert.equal(
      finding.fixed,
      'sum(rate(rag_requests_total{status="error"}[5m])) / sum(rate(rag_requests_total[5m]))',
    );
  });

  test('npm run lint:promql reads its arguments, prints the report, and exits with 1 where there is an error', () => {
    const args = ['--expr', SELF_RATIO, '--expr', 'rag_queue_depth{env="prod"}', '--labels', 'env,cluster'];
    const { status, stdout } = runCommand('lint-promql.mjs', [...args, '--scrape-interval', '30s', '--json']);
    const findings = JSON.parse(stdout) as { rule: string }[];
    assert.deepEqual([status, findings.map(({ rule }) => rule)], [1, ['self-ratio']]);
  });

  test('npm run lint:promql says in one line what it cannot read, and exits with 2', () => {
    const cases: [args: string[], line: RegExp][] = [
      [['--scrape-interval', 'x'], /^--scrape-interval: expected a duration such as 1h30m, got "x"$/],
      [['no.yml'], /^no\.yml is not there/],
      [['--metrics', 'http://127.0.0.1:1/metrics'], /does not answer: start the service, or name a saved page$/],
      [['--metrics', inRepository('package.json')], /package\.json has no metric in Prometheus' text format$/],
    ];
    for (const [args, line] of cases) assertEndsWithLine('lint-promql.mjs', args, { status: 2, line });
  });
});

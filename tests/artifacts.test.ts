import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { config, parseConfig } from '../config.js';
import { generatedFiles } from '../src/dashboard/generate.js';
import { requireTool } from '../src/stack/index.js';
import { joined, NOTEBOOK, readCells } from './helpers/notebook.js';
import { inRepository, REPOSITORY, readRepositoryFile } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

const DEFAULTS = parseConfig({});

/** Runs a checker; its output is the message of a failure. */
function passes(tool: Parameters<typeof requireTool>[0], ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(requireTool(tool), args, { cwd: REPOSITORY, encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
  return stdout + stderr;
}

test('generated files are what the code generates from the present settings', () => {
  for (const [path, content] of Object.entries(generatedFiles(config))) {
    assert.equal(readRepositoryFile(path), content, `${path}: "npm run generate" writes it anew`);
  }
});

test('Prometheus accepts the committed configuration and rules', () => {
  passes('promtool', 'check', 'config', 'prometheus.yml');
  passes('promtool', 'check', 'rules', 'monitoring/rules/alerts.yml', 'monitoring/rules/recording.yml');
});

test('Prometheus scrapes the service every 10 s where Compose reaches it, with the rules and Alertmanager', () => {
  const {
    scrape_configs: [job],
    rule_files,
    alerting,
  } = parse(readRepositoryFile('prometheus.yml'));
  assert.equal(job.job_name, 'rag-service');
  assert.equal(job.scrape_interval, '10s');
  assert.deepEqual(job.static_configs[0].targets, [`host.docker.internal:${DEFAULTS.METRICS_PORT}`]);
  assert.deepEqual(rule_files, ['monitoring/rules/*.yml']);
  assert.deepEqual(alerting.alertmanagers[0].static_configs[0].targets, ['alertmanager:9093']);
});

test('each alert is silent and fires when it should, by the rule tests of Prometheus', () => {
  passes('promtool', 'test', 'rules', 'monitoring/tests/alerts-test.yml');
});

test('the wrong forms of three alerts fail as the lesson says, by the rule tests of Prometheus', () => {
  passes('promtool', 'test', 'rules', 'monitoring/tests/wrong-forms-test.yml');
});

// A rule test that cannot fail proves nothing: each alert is broken, and the tests have to notice.
function testMutated(t: { after(done: () => void): void }, alert: string, from: string, to: string) {
  const folder = temporaryFolder(t as never);
  const rules = readRepositoryFile('monitoring/rules/alerts.yml');
  assert.ok(rules.includes(from));
  const start = rules.indexOf(`alert: ${alert}`);
  writeFileSync(join(folder, 'alerts.yml'), rules.slice(0, start) + rules.slice(start).replace(from, to));
  const all = parse(readRepositoryFile('monitoring/tests/alerts-test.yml'));
  const isAbout = ({ alert_rule_test }: { alert_rule_test: { alertname: string }[] }) =>
    alert_rule_test.some(({ alertname }) => alertname === alert);
  const rule_files = [join(folder, 'alerts.yml'), inRepository('monitoring/rules/recording.yml')];
  writeFileSync(join(folder, 'test.yml'), stringify({ ...all, rule_files, tests: all.tests.filter(isAbout) }));
  return spawnSync(requireTool('promtool'), ['test', 'rules', join(folder, 'test.yml')], { encoding: 'utf8' });
}

test('the rule tests pass where no rule was changed', (t) => {
  assert.equal(testMutated(t, 'HighErrorRate', '> 0.05', '> 0.05').status, 0);
});

const mutations: [alert: string, from: string, to: string][] = [
  ['HighQueryLatency', 'sum by (job, operation, le)', 'sum by (job, instance, operation, le)'],
  ['HighErrorRate', 'error|rate_limited|timeout', 'error'],
  ['HighErrorRate', '>= 10', '>= 0'],
  ['LowCacheHitRate', '< 0.3', '< 0.1'],
  ['HighCostBurn', 'increase(', 'rate('],
  ['RateLimitWarning', 'for: 1m', 'for: 45s'],
];
for (const [alert, from, to] of mutations) {
  test(`the rule tests fail for ${alert} with "${to}" instead of "${from}"`, (t) => {
    const { status, stdout, stderr } = testMutated(t, alert, from, to);
    assert.equal(status, 1);
    assert.match(stdout + stderr, new RegExp(`alertname: ?${alert}`));
  });
}

test('Alertmanager accepts its configuration, and routes a critical alert to the receiver on-call', () => {
  passes('amtool', 'check-config', 'monitoring/alertmanager.yml');
  const route = (severity: string) =>
    execFileSync(
      requireTool('amtool'),
      ['config', 'routes', 'test', '--config.file=monitoring/alertmanager.yml', `severity=${severity}`],
      {
        cwd: REPOSITORY,
        encoding: 'utf8',
      },
    ).trim();
  assert.equal(route('critical'), 'on-call');
  assert.equal(route('warning'), 'team');
});

const compose = parse(readRepositoryFile('docker-compose.monitoring.yml'), { merge: true });
const services = Object.entries<Record<string, never>>(compose.services) as unknown as [
  string,
  {
    image: string;
    ports?: string[];
    volumes: string[];
    healthcheck: object;
    command?: string[];
    extra_hosts?: string[];
  },
][];

test('Compose has Prometheus, Alertmanager and Grafana, each pinned, with a health check, and published on loopback or not at all', () => {
  assert.deepEqual(
    services.map(([name]) => name),
    ['prometheus', 'alertmanager', 'grafana'],
  );
  for (const [name, { image, ports, healthcheck }] of services) {
    assert.match(image, /:v?\d+\.\d+\.\d+$/, name);
    for (const port of ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
    assert.ok(healthcheck, name);
  }
});

test('Compose publishes no Alertmanager, which any site could silence, and lets no site read Prometheus', () => {
  const { alertmanager, prometheus } = compose.services;
  assert.equal(alertmanager.ports, undefined);
  const [origin] = prometheus.command.flatMap((flag: string) => /^--web\.cors\.origin=(.*)$/.exec(flag)?.[1] ?? []);
  const allowed = new RegExp(`^(?:${origin})$`);
  assert.match('http://127.0.0.1:3300', allowed);
  assert.doesNotMatch('http://127.0.0.1.example', allowed);
});

test('Compose confines every container, limits what it may use and write, and has no default password', () => {
  for (const [name, service] of Object.entries<Record<string, unknown>>(compose.services)) {
    const { read_only, cap_drop, security_opt, pids_limit, mem_limit, logging } = service;
    assert.equal(read_only, true, name);
    assert.deepEqual(cap_drop, ['ALL'], name);
    assert.deepEqual(security_opt, ['no-new-privileges:true'], name);
    assert.ok(pids_limit && mem_limit && logging, name);
  }
  assert.ok(compose.services.prometheus.command.includes('--storage.tsdb.retention.size=10GB'));
  assert.match(compose.services.grafana.environment.GF_SECURITY_ADMIN_PASSWORD, /^\$\{GRAFANA_ADMIN_PASSWORD:\?/);
});

test('Compose mounts what exists, and declares every named volume', () => {
  for (const [, { volumes }] of services) {
    for (const mount of volumes) {
      const [source = ''] = mount.split(':');
      if (source.startsWith('./')) assert.ok(existsSync(inRepository(source)), mount);
      else assert.ok(source in compose.volumes, mount);
    }
  }
});

test('Compose keeps data for 30 days, and reaches the host on Linux', () => {
  const { prometheus } = compose.services;
  assert.ok(prometheus.command.includes('--storage.tsdb.retention.time=30d'));
  assert.deepEqual(prometheus.extra_hosts, ['host.docker.internal:host-gateway']);
});

test("Compose gives Grafana the data source that the dashboard's variable names, and the dashboard itself", () => {
  const [source] = parse(readRepositoryFile('monitoring/grafana/datasources/prometheus.yml')).datasources;
  const dashboard = JSON.parse(readRepositoryFile('grafana_dash.json'));
  const [variable] = dashboard.templating.list;
  assert.equal(variable.current.value, source.uid);
  assert.equal(variable.current.text, source.name);
  const [provider] = parse(readRepositoryFile('monitoring/grafana/dashboards/rag.yml')).providers;
  assert.ok(
    compose.services.grafana.volumes.includes(`./grafana_dash.json:${provider.options.path}/grafana_dash.json:ro`),
  );
});

test('Docker Compose accepts its file', (t) => {
  const candidates: [string, string[]][] = [
    ['docker', ['compose']],
    ['docker-compose', []],
  ];
  const found = candidates.find(([command, args]) => spawnSync(command, [...args, 'version']).status === 0);
  if (!found) return t.skip('Docker Compose is not on this machine');
  const [command, args] = found;
  const check = (password: string) =>
    spawnSync(command, [...args, '-f', 'docker-compose.monitoring.yml', 'config', '-q'], {
      cwd: REPOSITORY,
      encoding: 'utf8',
      env: { ...process.env, GRAFANA_ADMIN_PASSWORD: password },
    });
  const { status, stderr } = check('a password');
  assert.equal(status, 0, stderr);
  assert.match(check('').stderr, /GRAFANA_ADMIN_PASSWORD.*set it in \.env/s, 'without one, it says how to set it');
});

test('the lock file agrees with package.json for every platform', () => {
  const args = ['ci', '--dry-run', '--offline', '--loglevel=error'];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: REPOSITORY, encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

test('no file of the repository names a path of a machine or a registry host', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: REPOSITORY, encoding: 'utf8' }).trim().split('\n');
  for (const file of files) {
    if (!existsSync(inRepository(file))) continue;
    const text = readFileSync(inRepository(file), 'utf8');
    assert.ok(!text.includes(`${REPOSITORY}/`), file);
    if (file !== 'tests/artifacts.test.ts') assert.doesNotMatch(text, /"resolved": "https?:/, file);
  }
});

test('no text cell of the lesson says the same twice', () => {
  const texts = readCells(NOTEBOOK)
    .filter(({ cell_type }) => cell_type === 'markdown')
    .map(({ source }) => joined(source));
  for (const text of texts) {
    const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
    // Rows of tables may say the same of several things.
    const sentences = prose.split(/(?<=[.:!?])\s+|\n/).filter((part) => part.length > 25 && !part.startsWith('|'));
    const repeated = sentences.filter((sentence, index) => sentences.indexOf(sentence) < index);
    assert.deepEqual(repeated, []);
  }
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type DashboardOptions, startDashboard } from '../../src/page/index.js';
import {
  adaptedConfig,
  freePort,
  type Prometheus,
  requireTool,
  startChild,
  startPrometheus,
} from '../../src/stack/index.js';
import { HOSTILE, recordPast, STEP_SECONDS } from './page-traffic.js';
import { knownTools } from './repository.js';

/** Why the tests in a browser are skipped; false where they are not. */
export const NO_BROWSER = knownTools().chromium === undefined && 'Chromium is not here';

// It fires at once; its texts must stay texts.
const RULES = JSON.stringify({
  groups: [
    {
      name: 'test',
      interval: '1s',
      rules: [
        {
          alert: 'FewRequestsLeft',
          expr: 'min by (provider) (rag_rate_limit_remaining{provider="anthropic"}) < 1000',
          labels: { severity: 'critical' },
          annotations: { summary: `Few left ${HOSTILE}`, description: 'It is {{ $labels.provider }}.' },
        },
      ],
    },
  ],
});

/** An Alertmanager that sends no notification. */
function startAlertmanager(folder: string, port: number) {
  const file = join(folder, 'alertmanager.json');
  writeFileSync(file, JSON.stringify({ route: { receiver: 'none' }, receivers: [{ name: 'none' }] }));
  const command = requireTool('alertmanager');
  const args = [
    `--config.file=${file}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  // Debian's, unpacked inside the project, looks for its templates where it is started.
  const templates = join(dirname(command), '../share/prometheus/alertmanager');
  return startChild(command, args, existsSync(templates) ? { cwd: templates } : {});
}

/** Prometheus with 80 minutes of two services behind it, whose last scrapes were just now, and its Alertmanager. */
export async function startWithTraffic(folder: string) {
  recordPast(folder, 80);
  writeFileSync(join(folder, 'rules.json'), RULES);
  const [port, alertmanagerPort, nowhere] = [await freePort(), await freePort(), await freePort()];
  const adaptation = { target: `127.0.0.1:${nowhere}`, intervalSeconds: STEP_SECONDS };
  const config = adaptedConfig({ ...adaptation, alertmanager: `127.0.0.1:${alertmanagerPort}` }).replace(
    /rule_files:\n.*\n/,
    `rule_files:\n  - ${join(folder, 'rules.json')}\n`,
  );
  // What Alertmanager missed while it started is sent again at once, and not after a minute.
  const flags = ['--rules.alert.resend-delay=1s'];
  const start = () => startPrometheus({ config, dataFolder: join(folder, 'data'), port, flags });
  const alertmanager = startAlertmanager(folder, alertmanagerPort);
  let prometheus: Prometheus = await start();
  const { stop: _, ...client } = prometheus;
  return {
    ...client,
    alertmanagerUrl: `http://127.0.0.1:${alertmanagerPort}`,
    /** True where this machine's Alertmanager cannot start, because it misses files of the system. */
    lacksTemplates: () => alertmanager.output().includes('failed to parse templates'),
    stop: () => prometheus.stop(),
    stopAll: () => Promise.all([prometheus.stop(), alertmanager.stop()]),
    startAgain: async () => {
      prometheus = await start();
    },
  };
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: knownTools().chromium ?? '', args: ['--no-sandbox'] });

/** A query that the page has sent. */
export interface SentQuery {
  path: string;
  parameters: Record<string, string>;
}

export interface OpenPage {
  page: Page;
  /** The queries of panels that it has sent so far. */
  queries: SentQuery[];
  /** What a browser complains about: errors, refused resources, violations of the content security policy. */
  complaints: string[];
  /** Waits until every panel in sight has been drawn, or says why not. */
  settled(): Promise<void>;
}

interface OpenOptions extends Partial<DashboardOptions> {
  prometheusUrl: string;
  search?: string;
  width?: number;
  height?: number;
  prepare?: (page: Page, context: BrowserContext) => Promise<void>;
}

type Context = { after(done: () => unknown): void };

/** Opens the page of a server of its own in a fresh window. */
export async function openPage(t: Context, browser: Browser, options: OpenOptions): Promise<OpenPage> {
  const { search = '', width = 1400, height = 1300, prepare, ...sources } = options;
  const dashboard = await startDashboard({ port: 0, ...sources });
  const context = await browser.newContext({ viewport: { width, height }, timezoneId: 'UTC' });
  t.after(async () => {
    await context.close();
    await dashboard.close();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const [queries, complaints]: [SentQuery[], string[]] = [[], []];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => {
    const { pathname, origin } = new URL(request.url());
    if (`${origin}/` !== dashboard.url) complaints.push(`asks ${request.url()}`);
    const path = /\/(query|query_range)$/.exec(pathname)?.[1];
    if (path) queries.push({ path, parameters: Object.fromEntries(new URLSearchParams(request.postData() ?? '')) });
  });
  await prepare?.(page, context);
  await page.goto(dashboard.url + search);
  const settled = async () => {
    await page.locator('.panel').first().waitFor({ state: 'attached' });
    await page.locator('.panel[data-state="loading"], .panel.busy').first().waitFor({ state: 'detached' });
  };
  return { page, queries, complaints, settled };
}

/** The committed dashboard with some changes, as a file. */
export function changedDashboard(
  from: string,
  folder: string,
  change: (dashboard: { panels: object[] }) => void,
): string {
  const dashboard = JSON.parse(readFileSync(from, 'utf8')) as { panels: object[] };
  change(dashboard);
  const file = join(folder, 'changed.json');
  writeFileSync(file, JSON.stringify(dashboard));
  return file;
}

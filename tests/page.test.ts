import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { changedDashboard, launchChromium, NO_BROWSER, openPage, startWithTraffic } from './helpers/page-rig.js';
import { HOSTILE } from './helpers/page-traffic.js';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

const DASHBOARD = inRepository('grafana_dash.json');
const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: { id: number; title: string }[] };
const idOf = (title: string) => panels.find((panel) => panel.title === title)?.id;

const panelOf = (page: Page, title: string) => page.locator(`#panel-${idOf(title)}`);

/** How many colours a canvas shows; a blank one has one. */
const coloursOf = (panel: Locator) =>
  panel.locator('canvas').evaluate((canvas) => {
    const drawn = canvas as unknown as {
      width: number;
      height: number;
      getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } };
    };
    const { data } = drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

/** The number that a text such as `4.25 K`, `580 ms` or `$0.00421` writes, in base units, and how far it is rounded. */
function readNumber(text: string): { value: number; tolerance: number } {
  const [, digits = '', unit = ''] = /^\$?(-?[\d.]+)\s*(\S*)$/.exec(text.trim().replace(' req/s', '')) ?? [];
  assert.notEqual(digits, '', `no number: ${text}`);
  const factor = { '': 1, ms: 1e-3, µs: 1e-6, s: 1, mins: 60, K: 1e3, Mil: 1e6, '%': 0.01 }[unit];
  assert.ok(factor !== undefined, `unknown unit: ${text}`);
  const decimals = digits.split('.')[1]?.length ?? 0;
  return { value: Number(digits) * factor, tolerance: 0.51 * 10 ** -decimals * factor };
}

function assertShows(text: string, expected: number, what: string): void {
  const { value, tolerance } = readNumber(text);
  assert.ok(Math.abs(value - expected) <= tolerance + 1e-9, `${what}: shows ${text}, Prometheus says ${expected}`);
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 300 && !condition(); attempt++) await new Promise((done) => setTimeout(done, 50));
  assert.ok(condition(), `waited in vain: ${condition}`);
}

describe('the dashboard page in Chromium', { skip: NO_BROWSER }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'm2_3-page-'));
  let prometheus: Awaited<ReturnType<typeof startWithTraffic>>;
  let browser: Browser;
  let prometheusUrl: string;
  /** A range in which nothing changes any more, as the address writes it. */
  let past: string;
  let pastEndMs: number;

  before(async () => {
    [prometheus, browser] = await Promise.all([startWithTraffic(folder), launchChromium()]);
    prometheusUrl = prometheus.url;
    pastEndMs = Math.floor(Date.now() / 60_000 - 2) * 60_000;
    past = `?from=${pastEndMs - 3_600_000}&to=${pastEndMs}&refresh=off`;
    const firing = async () => (await prometheus.query('ALERTS{alertstate="firing"}')).length > 0;
    await prometheus.waitUntil('an alert fires', firing);
  });
  after(async () => {
    await browser?.close();
    await prometheus?.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the page draws every panel, sends no request to another host, and keeps its content security policy', async (t) => {
    const { page, settled, complaints } = await openPage(t, browser, { prometheusUrl, search: '?from=now-1h&to=now' });
    await settled();
    t.diagnostic(`drawn after ${Math.round(await page.evaluate<number>('performance.now()'))} ms at most`);
    assert.equal(await page.locator('.panel').count(), 10);
    for (const { title } of panels) {
      const panel = panelOf(page, title);
      assert.equal(await panel.getAttribute('data-state'), 'drawn', title);
      assert.ok((await coloursOf(panel)) > 8, `${title} is blank`);
      const spoken = (await panel.locator('.chart').getAttribute('aria-label')) ?? '';
      assert.match(spoken, /: .*\d/, title);
      assert.doesNotMatch(spoken, /No data|NaN|undefined/, title);
    }
    assert.deepEqual(complaints, []);
    assert.equal(await page.title(), '(1 firing) RAG Production Monitoring');
  });

  test('the page shows the values that Prometheus gives to the same queries', async (t) => {
    const { page, settled, queries } = await openPage(t, browser, { prometheusUrl, search: past });
    await settled();
    let compared = 0;
    for (const title of ['Query Latency (p50/p95/p99)', 'Request Rate & Error Rate', 'Response Relevance Score']) {
      const rows = panelOf(page, title).locator('.legend tbody tr');
      const shown = await rows.evaluateAll((all) =>
        all.map((row) =>
          [...(row as unknown as { cells: { textContent: string }[] }).cells].map((cell) => cell.textContent),
        ),
      );
      const panel = panels.find((one) => one.title === title) as unknown as { targets: { expr: string }[] };
      for (const [index, { expr }] of panel.targets.entries()) {
        const bare = expr.split('[')[0]?.replace('$job', '.*') ?? '';
        const sent = queries.find(({ parameters }) => parameters.query?.startsWith(bare));
        assert.ok(sent, expr);
        const { query = '', start, end, step } = sent.parameters;
        const range = { fromSeconds: Number(start), toSeconds: Number(end), stepSeconds: Number(step) };
        const [series] = await prometheus.queryRange(query, range);
        const values = series?.points.map(([, value]) => value).filter((value) => !Number.isNaN(value)) ?? [];
        assert.ok(values.length > 100, `${values.length} values of ${expr}`);
        const [name = '', mean = '', last = ''] = shown[index] ?? [];
        assertShows(mean, values.reduce((sum, value) => sum + value, 0) / values.length, `mean of ${name}`);
        assertShows(last, values.at(-1) ?? Number.NaN, `last of ${name}`);
        compared += 2;
      }
    }
    assert.equal(compared, 14);
    const pie = queries.find(({ path }) => path === 'query')?.parameters;
    const samples = await prometheus.query(pie?.query ?? '', Number(pie?.time));
    const legend = await panelOf(page, 'Error Breakdown by Type').locator('.legend tbody tr').allInnerTexts();
    assert.equal(legend.length, 3);
    for (const { labels, value } of samples) {
      const row = legend.find((text) => text.startsWith(labels.error_type ?? '-'))?.split(/\t|\n/);
      assertShows(row?.at(-2)?.trim() ?? '', value, labels.error_type ?? '');
    }
  });

  test('the page shows under the pointer what Prometheus gives for that moment, and the line in the other graphs', async (t) => {
    const { page, settled, queries } = await openPage(t, browser, { prometheusUrl, search: past });
    await settled();
    const title = 'Request Rate & Error Rate';
    const other = panelOf(page, 'Query Latency (p50/p95/p99)');
    const before = await other.locator('canvas').screenshot();
    const box = await panelOf(page, title).locator('.canvas').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5);
    await page.mouse.move(box.x + box.width * 0.41, box.y + box.height * 0.5);
    const tip = page.locator('body > div', { hasText: 'failed requests' }).last();
    await tip.waitFor();
    const text = (await tip.innerText()).split('\n').map((line) => line.trim());
    const moment = /\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.exec(text.join(' '))?.[0];
    assert.ok(moment, `no moment in ${text}`);
    const atSeconds = Date.parse(`${moment.replace(' ', 'T')}Z`) / 1000;
    for (const [name, matcher] of [
      ['requests', 'rag_requests_total{job'],
      ['failed requests', 'rag_requests_total{status'],
    ] as const) {
      const query = queries.find(({ parameters }) => parameters.query?.includes(matcher))?.parameters.query ?? '';
      const [sample] = await prometheus.query(query, atSeconds);
      assertShows(text[text.indexOf(name) + 1] ?? '', sample?.value ?? Number.NaN, `${name} at ${moment}`);
    }
    assert.notDeepEqual(await other.locator('canvas').screenshot(), before, 'no line in the other graph');
    await page.mouse.move(5, 5);
    await tip.waitFor({ state: 'hidden' });
  });

  test('the page shows the time that was chosen, typed, dragged or zoomed out to, and its address has it', async (t) => {
    const { page, settled, queries } = await openPage(t, browser, { prometheusUrl, search: past });
    await settled();
    const lastRange = () => {
      const { start, end } = queries.filter(({ path }) => path === 'query_range').at(-1)?.parameters ?? {};
      return { start: Number(start), end: Number(end), length: Number(end) - Number(start) };
    };
    const box = await panelOf(page, 'Token Usage (Input vs Output)').locator('.canvas').boundingBox();
    assert.ok(box);
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
    assert.equal(await page.locator('.zoom-mark').count(), 1);
    await page.mouse.up();
    await settled();
    const zoomed = lastRange();
    assert.ok(Math.abs(zoomed.length - 3600 * 0.2) < 150, `a fifth of an hour: ${zoomed.length} s`);
    assert.ok(zoomed.start > pastEndMs / 1000 - 3600 && zoomed.end < pastEndMs / 1000);
    assert.ok(Math.abs(Number(new URL(page.url()).searchParams.get('from')) / 1000 - zoomed.start) <= 60);

    await page.keyboard.press('t');
    await page.keyboard.press('z');
    await settled();
    assert.ok(Math.abs(lastRange().length - 2 * zoomed.length) <= 60, 'twice the time');
    await page.goBack();
    await settled();
    assert.deepEqual(lastRange(), zoomed);

    await page.getByRole('button', { name: /^Time range/ }).click();
    await page.getByRole('button', { name: 'Last 15 minutes' }).click();
    await settled();
    assert.ok(Math.abs(lastRange().length - 900) <= 30);
    assert.match(page.url(), /from=now-15m&to=now/);

    await page.getByRole('button', { name: 'Time range: Last 15 minutes' }).click();
    const type = async (name: string, value: string) => page.getByRole('textbox', { name }).fill(value);
    await type('From', 'soon');
    await page.getByRole('button', { name: 'Apply time range' }).click();
    await page.getByText('Expected a time such as').waitFor();
    await type('From', new Date(pastEndMs - 600_000).toISOString().slice(0, 19).replace('T', ' '));
    await type('To', new Date(pastEndMs).toISOString().slice(0, 19).replace('T', ' '));
    await page.getByRole('button', { name: 'Apply time range' }).click();
    await settled();
    assert.deepEqual(lastRange(), { start: pastEndMs / 1000 - 600, end: pastEndMs / 1000, length: 600 });
  });

  test('the page shows only the jobs that were chosen', async (t) => {
    const { page, settled, queries } = await openPage(t, browser, { prometheusUrl, search: past });
    await settled();
    const rate = () =>
      panelOf(page, 'Request Rate & Error Rate').locator('.legend tbody tr').first().locator('td').last();
    const all = readNumber(await rate().innerText()).value;
    await page.getByRole('button', { name: 'Job: All' }).click();
    assert.deepEqual(await page.locator('.choice').filter({ visible: true }).allInnerTexts(), [
      'All',
      'batch <b>"jobs"</b>',
      'rag-service',
    ]);
    await page.getByRole('checkbox', { name: 'batch' }).check();
    await settled();
    const { parameters } = queries.filter(({ path }) => path === 'query_range').at(-1) ?? {};
    assert.match(parameters?.query ?? '', /job=~"batch <b>\\x22jobs\\x22<\/b>"/);
    const [sample] = await prometheus.query(
      queries.filter((one) => one.parameters.query?.startsWith('sum(rate(rag_requests_total{job')).at(-1)?.parameters
        .query ?? '',
      pastEndMs / 1000,
    );
    assertShows(await rate().innerText(), sample?.value ?? Number.NaN, 'the rate of one job');
    assert.ok(readNumber(await rate().innerText()).value < all / 2);
    await page.getByRole('checkbox', { name: 'rag-service' }).check();
    await page.getByRole('checkbox', { name: 'batch' }).uncheck();
    await settled();
    assert.match(page.url(), /var-job=rag-service/);
    assert.equal(await page.getByRole('checkbox', { name: 'All' }).isChecked(), false);
  });

  test('the page marks the panels that an alert is about, with its state in words', async (t) => {
    const { page, settled } = await openPage(t, browser, { prometheusUrl, search: past });
    await settled();
    const badge = panelOf(page, 'Rate Limit Remaining').locator('.badge');
    assert.equal(await badge.innerText(), 'firing');
    assert.equal(await page.locator('.panel .badge.firing').count(), 1, 'no other panel shows that metric');
    await badge.click();
    const details = page.locator('.alert').filter({ visible: true });
    assert.match(
      await details.innerText(),
      /FewRequestsLeft\s+firing, critical\s+Few left <img src=x.*\s+It is anthropic\./,
    );
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'hidden' });
    assert.equal(await page.locator('.page-header .badge').innerText(), 'Alerts: 1 firing');
  });

  test('the page shows which alerts Alertmanager has silenced', async (t) => {
    const { alertmanagerUrl } = prometheus;
    if (prometheus.lacksTemplates()) return t.skip('Alertmanager does not start here: it misses its templates');
    const managed = async () =>
      (await (await fetch(`${alertmanagerUrl}/api/v2/alerts`)).json()) as { status: { state: string } }[];
    await prometheus.waitUntil('the alert has reached Alertmanager', async () => (await managed()).length > 0);
    const silence = {
      matchers: [{ name: 'alertname', value: 'FewRequestsLeft', isRegex: false }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'test',
      comment: 'test',
    };
    const body = JSON.stringify(silence);
    const headers = { 'Content-Type': 'application/json' };
    assert.equal((await fetch(`${alertmanagerUrl}/api/v2/silences`, { method: 'POST', body, headers })).status, 200);
    await prometheus.waitUntil('it is silenced', async () => (await managed())[0]?.status.state === 'suppressed');
    const { page, settled } = await openPage(t, browser, { prometheusUrl, alertmanagerUrl, search: past });
    await settled();
    await panelOf(page, 'Rate Limit Remaining').locator('.badge').click();
    const state = page.locator('.alert .state').filter({ visible: true });
    assert.equal(await state.innerText(), 'firing, critical, silenced');
  });

  test('the page shows hostile names, labels, errors and titles as text', async (t) => {
    const dashboardFile = changedDashboard(DASHBOARD, temporaryFolder(t), (dashboard) => {
      Object.assign(dashboard, { title: HOSTILE, description: HOSTILE });
      const query = (expr: string) => ({ refId: 'A', expr, legendFormat: `{{error_type}}${HOSTILE}` });
      Object.assign(dashboard.panels[0] ?? {}, {
        title: HOSTILE,
        description: HOSTILE,
        targets: [query('sum by (error_type) (rate(rag_errors_total[1m]))')],
      });
      Object.assign(dashboard.panels[1] ?? {}, { targets: [query(`rag_x{a="${HOSTILE.replaceAll('"', "'")}"`)] });
      Object.assign(dashboard.panels[2] ?? {}, { type: HOSTILE });
    });
    const options = {
      prometheusUrl,
      dashboardFile,
      search: `${past}&var-job=${encodeURIComponent(HOSTILE)}&var-job=All`,
    };
    const { page, settled, complaints } = await openPage(t, browser, options);
    await settled();
    assert.equal(await page.locator('h1').innerText(), HOSTILE);
    assert.equal(await page.locator('#panel-1 h2').innerText(), HOSTILE);
    const names = await page.locator('#panel-1 .legend .name').allInnerTexts();
    assert.ok(names.includes(HOSTILE + HOSTILE), names.join('\n'));
    assert.equal(await page.locator('#panel-2').getAttribute('data-state'), 'error');
    assert.match(await page.locator('#panel-2 .message').innerText(), /parse error/);
    const box = await page.locator('#panel-1 .canvas').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await page.mouse.move(box.x + box.width * 0.41, box.y + box.height * 0.4);
    await page.locator('body > div', { hasText: HOSTILE }).last().waitFor();
    await page.getByRole('button', { name: /^Job/ }).click();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.evaluate('window.hacked'), undefined);
    assert.deepEqual(
      complaints.filter((text) => !/status of 400/.test(text)),
      [],
    );
  });

  test('the page says "No data" where Prometheus has none, and in the panel what it does not draw', async (t) => {
    const dashboardFile = changedDashboard(DASHBOARD, temporaryFolder(t), (dashboard) => {
      Object.assign(dashboard.panels[0] ?? {}, { targets: [{ refId: 'A', expr: 'nothing_has_this_name' }] });
      Object.assign(dashboard.panels[1] ?? {}, { type: 'worldmap' });
    });
    const { page, settled } = await openPage(t, browser, { prometheusUrl, dashboardFile, search: past });
    await settled();
    assert.equal(await page.locator('#panel-1 .message').innerText(), 'No data');
    assert.match(await page.locator('#panel-2 .note').innerText(), /^Not drawn here: .*worldmap/);
  });

  test('the page shows a panel alone, its data as a table and its queries, and Escape leaves each', async (t) => {
    const { page, settled, queries } = await openPage(t, browser, { prometheusUrl, search: past });
    await settled();
    const title = 'Request Rate & Error Rate';
    const open = async (entry: string) => {
      await page.getByRole('button', { name: `Menu of ${title}` }).click();
      await page.getByRole('button', { name: entry }).click();
    };
    const [sample] = await prometheus.query(
      queries.find(({ parameters }) => parameters.query?.startsWith('sum(rate(rag_requests_total{job'))?.parameters
        .query ?? '',
      pastEndMs / 1000,
    );
    await open('Show as table');
    const row = page.getByRole('dialog').locator('tbody tr').first();
    assertShows(await row.locator('td').last().innerText(), sample?.value ?? Number.NaN, 'the table');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await open('Inspect queries');
    const dialog = page.getByRole('dialog');
    const sent = queries.filter(({ parameters }) => parameters.query?.includes('rag_requests_total')).slice(0, 2);
    assert.deepEqual(
      await dialog.locator('pre').allInnerTexts(),
      sent.map(({ parameters }) => parameters.query),
    );
    const link = new URL((await dialog.getByRole('link').first().getAttribute('href')) ?? '');
    assert.equal(`${link.origin}${link.pathname}`, `${prometheusUrl}/graph`);
    assert.equal(link.searchParams.get('g0.expr'), sent[0]?.parameters.query);
    assert.equal(link.searchParams.get('g0.range_input'), '3600s');
    await page.keyboard.press('Escape');

    await open('View full screen');
    await settled();
    assert.deepEqual(await page.locator('.panel h2').filter({ visible: true }).allInnerTexts(), [title]);
    assert.match(page.url(), /viewPanel=2/);
    assert.ok(((await panelOf(page, title).boundingBox())?.width ?? 0) > 1300);
    await page.keyboard.press('Escape');
    await settled();
    assert.equal(await page.locator('.panel').filter({ visible: true }).count(), 10);
  });

  test('the legend of the page hides and shows series', async (t) => {
    const { page, settled } = await openPage(t, browser, { prometheusUrl, search: past });
    await settled();
    const panel = panelOf(page, 'Query Latency (p50/p95/p99)');
    const pressed = () =>
      panel.locator('.legend button').evaluateAll((all) => all.map((one) => one.getAttribute('aria-pressed')));
    const before = await panel.locator('canvas').screenshot();
    await panel.getByRole('button', { name: 'p99', exact: true }).click();
    assert.deepEqual(await pressed(), ['true', 'true', 'false']);
    assert.notDeepEqual(await panel.locator('canvas').screenshot(), before);
    await page.keyboard.press('Enter');
    assert.deepEqual(await pressed(), ['true', 'true', 'true'], 'the focus has stayed');
    await panel.getByRole('button', { name: 'p50', exact: true }).click({ modifiers: ['Control'] });
    assert.deepEqual(await pressed(), ['true', 'false', 'false']);
  });

  test('the page can be used by keyboard alone', async (t) => {
    const { page, settled } = await openPage(t, browser, { prometheusUrl, search: past });
    await settled();
    const focused = () =>
      page.locator(':focus').evaluate((element) => {
        const { outlineStyle } = (
          globalThis as never as { getComputedStyle(e: unknown): { outlineStyle: string } }
        ).getComputedStyle(element);
        const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
        return { name: name.trim(), outlineStyle };
      });
    const reached: string[] = [];
    for (let step = 0; step < 70; step++) {
      await page.keyboard.press('Tab');
      if ((await page.locator(':focus').count()) === 0) break;
      const { name, outlineStyle } = await focused();
      assert.notEqual(outlineStyle, 'none', `no outline around ${name}`);
      reached.push(name);
    }
    for (const wanted of ['Time range:', 'Zoom out', 'Refresh', 'Theme:', 'Shortcuts', 'Job:', 'Alerts:', 'p95'])
      assert.ok(
        reached.some((name) => name.startsWith(wanted)),
        `Tab does not reach ${wanted}`,
      );
    for (const { title } of panels) assert.ok(reached.includes(`Menu of ${title}`), title);
    assert.equal(reached.filter((name) => name === 'Description').length, 10);

    await panelOf(page, 'Query Latency (p50/p95/p99)').locator('.chart').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    assert.match(
      await panelOf(page, 'Query Latency (p50/p95/p99)').locator('[aria-live]').innerText(),
      /\d\d:\d\d:\d\d, p50, \d/,
    );
    await page.keyboard.press('v');
    await page.locator('.grid.viewing').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.grid:not(.viewing)').waitFor();
    await page.keyboard.press('?');
    assert.match(await page.getByRole('dialog').innerText(), /zoom out to twice the time/);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('the page has a light and a dark theme, and fits a phone of 380 pixels', async (t) => {
    const options = { prometheusUrl, search: `${past}&theme=dark`, width: 380, height: 800 };
    const { page } = await openPage(t, browser, options);
    await page.locator('#panel-1[data-state="drawn"]').waitFor();
    const background = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const dark = await background();
    const width = () => page.evaluate<number>('document.scrollingElement.scrollWidth');
    assert.equal(await width(), 380);
    assert.equal(await page.locator('#panel-10').getAttribute('data-state'), 'loading', 'not in sight, not asked for');
    await page.locator('#panel-10').scrollIntoViewIfNeeded();
    await page.locator('#panel-10[data-state="drawn"]').waitFor();
    const drawn = await page.locator('#panel-10 canvas').screenshot();
    await page.getByRole('button', { name: 'Theme: dark' }).click();
    await page.getByRole('button', { name: 'Theme: as the system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).waitFor();
    assert.notEqual(await background(), dark);
    await page.locator('#panel-10').scrollIntoViewIfNeeded();
    assert.notDeepEqual(await page.locator('#panel-10 canvas').screenshot(), drawn);
    assert.equal(await width(), 380);
    await page.getByRole('button', { name: /^Time range/ }).click();
    assert.equal(await width(), 380);
  });

  test('the page refreshes by itself, but neither twice at once nor while it is hidden, and draws only what has changed', async (t) => {
    const { page, settled, queries } = await openPage(t, browser, {
      prometheusUrl,
      search: past.replace('refresh=off', 'refresh=5s'),
      prepare: async (fresh) => {
        await fresh.clock.install();
        await fresh.addInitScript(
          'window.strokes = 0; const { stroke } = CanvasRenderingContext2D.prototype; CanvasRenderingContext2D.prototype.stroke = function (...given) { window.strokes++; return stroke.apply(this, given); };',
        );
      },
    });
    const forward = (ms: number) => page.clock.runFor(ms);
    await page.locator('.panel').first().waitFor();
    await forward(1000);
    await settled();
    await forward(100);
    const strokes = () => page.evaluate<number>('window.strokes');
    const [sent, drawn] = [queries.length, await strokes()];
    assert.ok(drawn > 0);
    await forward(5000);
    await settled();
    assert.equal(queries.length, 2 * sent, 'one refresh');
    await forward(200);
    assert.equal(await strokes(), drawn, 'the same data is not drawn again');

    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    await page.route('**/query_range', async (route) => {
      await held;
      await route.continue();
    });
    for (let press = 0; press < 3; press++) await page.keyboard.press('r');
    await until(() => queries.length >= 3 * sent);
    await forward(20_000);
    assert.equal(queries.length, 3 * sent, 'one refresh at a time');
    release();
    await settled();

    await page.evaluate(
      "Object.defineProperty(document, 'hidden', { get: () => window.away === true, configurable: true })",
    );
    await page.evaluate('window.away = true');
    await forward(1000);
    await settled();
    const before = queries.length;
    await forward(60_000);
    assert.ok(queries.length - before <= sent, 'a hidden page asks for nothing more');
    const hiddenCount = queries.length;
    await forward(60_000);
    assert.equal(queries.length, hiddenCount);
    await page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))");
    await settled();
    assert.equal(queries.length, hiddenCount + sent, 'at once when it is seen again');
  });

  test('the page says when the dashboard cannot be read', async (t) => {
    const { page } = await openPage(t, browser, { prometheusUrl, dashboardFile: '/nowhere/mine.json' });
    assert.match(await page.getByRole('alert').innerText(), /^mine\.json cannot be read \(ENOENT\)/);
  });

  // Last, as it stops the Prometheus of all.
  test('the page says that Prometheus does not answer, keeps its pictures, and recovers by itself', async (t) => {
    const { page, settled } = await openPage(t, browser, { prometheusUrl, search: past });
    await settled();
    await prometheus.stop();
    await page.keyboard.press('r');
    const banner = page.locator('.banner');
    await banner.waitFor();
    assert.match(
      await banner.innerText(),
      /^Prometheus at http:\/\/127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\)\. Trying again every 5 s\. What is shown is from/,
    );
    assert.equal(await page.locator('.grid.down').count(), 1);
    assert.ok((await coloursOf(panelOf(page, 'Query Latency (p50/p95/p99)'))) > 8);
    await prometheus.startAgain();
    await banner.waitFor({ state: 'hidden' });
    await settled();
    assert.equal(await page.locator('.grid.down').count(), 0);
  });
});

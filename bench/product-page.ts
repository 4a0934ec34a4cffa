import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { openData } from '../src/backtest/open-data.js';
import { readHistory } from '../src/history/marker.js';
import { startDashboard } from '../src/page/index.js';
import { REPOSITORY } from '../src/stack/index.js';
import { summarise } from './measure.js';
import { addTimes, type CpuProfile, shares } from './profile.js';
import type { Row } from './report.js';

const REPEATS = 9;

/** Does something in a fresh profile, as on a first visit. */
async function freshly<Result>(browser: Browser, work: (page: Page, context: BrowserContext) => Promise<Result>) {
  // Its content security policy refuses what asks whether it is drawn.
  const context = await browser.newContext({ viewport: { width: 1400, height: 2400 }, bypassCSP: true });
  try {
    return await work(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** Waits until every panel is there and drawn, asking at each frame: a locator would ask twice a second. */
const settled = (page: Page) =>
  page.waitForFunction(
    `document.querySelector('.panel') && !document.querySelector('.panel[data-state="loading"], .panel.busy')`,
  );

/** Seconds until the page is drawn, and until it is so again after a refresh. */
const visit = (browser: Browser, url: string) =>
  freshly(browser, async (page) => {
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/query')) asked += 1;
    });
    const startMs = performance.now();
    await page.goto(url);
    await settled(page);
    const loadedMs = performance.now();
    const askedOnce = asked;
    await page.keyboard.press('r');
    while (asked < 2 * askedOnce) await page.waitForEvent('request');
    await settled(page);
    return { load: (loadedMs - startMs) / 1000, refresh: (performance.now() - loadedMs) / 1000 };
  });

/** Where the time of the page's main thread goes until it is drawn, in per cent. */
const profileOf = (browser: Browser, url: string): Promise<Row[]> =>
  freshly(browser, async (page, context) => {
    const session = await context.newCDPSession(page);
    await session.send('Profiler.enable');
    await session.send('Profiler.start');
    await page.goto(url);
    await settled(page);
    const { profile } = await session.send('Profiler.stop');
    const parts = new Map<string, number>();
    addTimes(parts, profile as CpuProfile);
    return shares(parts);
  });

/** Loads the dashboard page in a real browser over the history in a folder, and refreshes it. */
export async function measurePage(folder: string) {
  const { chromium: executablePath } = JSON.parse(readFileSync(join(REPOSITORY, '.cache/tools.json'), 'utf8'));
  if (!executablePath) throw new Error('Chromium is not here: npm test installs it');
  const { startSeconds = 0, endSeconds = 0 } = readHistory(folder) ?? {};
  const prometheus = await openData(folder);
  const dashboard = await startDashboard({ prometheusUrl: prometheus.url, port: 0 });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const url = `${dashboard.url}?from=${startSeconds * 1000}&to=${endSeconds * 1000}&refresh=off`;
    const visits: Awaited<ReturnType<typeof visit>>[] = [];
    for (let i = 0; i < REPEATS; i++) visits.push(await visit(browser, url));
    const rows = [
      summarise(
        'the dashboard page over these days',
        visits.map(({ load }) => load),
      ),
      summarise(
        'a refresh of it',
        visits.map(({ refresh }) => refresh),
      ),
    ];
    const title = 'Where the time of the dashboard page goes';
    return { rows, report: { title, unit: '%', rows: await profileOf(browser, url) } };
  } finally {
    await browser.close();
    await dashboard.close();
    await prometheus.stop();
  }
}

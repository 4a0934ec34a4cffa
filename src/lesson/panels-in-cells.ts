import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { display, newDisplay } from 'tslab';
import { parse } from 'yaml';
import {
  type Ask,
  type Dashboard,
  drawnPanels,
  type Panel,
  panelSize,
  parseDuration,
  type QueryScope,
  readPanel,
  resolveVariables,
} from '../charts/index.js';
import type { ThemeName } from '../charts/types.js';
import { type Prometheus, REPOSITORY } from '../stack/index.js';

/** What a picture of the dashboard depends on. */
export interface PictureOptions {
  prometheus: Prometheus;
  /** How far it looks back. Default: 5 */
  minutes?: number;
  /** Default: `light` */
  theme?: ThemeName;
  /** Default: 700 for a panel, 1000 for the dashboard */
  widthPixels?: number;
  /** End of the time that is shown, in seconds since 1970. Default: now */
  untilSeconds?: number;
}

const HEIGHT = 340;

// ECharts takes half a second to load; a notebook that draws nothing does not wait for it.
const loadFigures = () => import('../charts/figure.js');

const readRepositoryFile = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
const readDashboard = (): Dashboard => JSON.parse(readRepositoryFile('grafana_dash.json'));

/** The panel whose title begins so. @throws {Error} naming all titles where none or several do */
function findPanel(title: string): Panel {
  const panels = drawnPanels(readDashboard());
  const wanted = title.trim().toLowerCase();
  const found = panels.filter((panel) => panel.title?.toLowerCase().startsWith(wanted));
  const exact = found.find((panel) => panel.title?.toLowerCase() === wanted);
  const [first, second] = found;
  if (exact || (first && !second)) return exact ?? (first as Panel);
  const titles = panels.map((panel) => `"${panel.title}"`).join(', ');
  throw new Error(`"${title}" begins the title of ${first ? 'several panels' : 'no panel'}; there are ${titles}`);
}

/** How often Prometheus scrapes, by its own account; where it scrapes nothing, what Grafana's data source says. */
async function scrapeIntervalSeconds(prometheus: Prometheus): Promise<number> {
  const { activeTargets } = await prometheus.api<{ activeTargets: { scrapeInterval?: string }[] }>('targets');
  const intervals = activeTargets.map(({ scrapeInterval = '' }) => parseDuration(scrapeInterval) ?? Infinity);
  const least = Math.min(...intervals);
  if (Number.isFinite(least)) return least;
  const { datasources } = parse(readRepositoryFile('monitoring/grafana/datasources/prometheus.yml'));
  return parseDuration(datasources[0].jsonData.timeInterval) ?? 15;
}

const askOf =
  (prometheus: Prometheus): Ask =>
  ({ path, parameters }) =>
    prometheus.api(`${path}?${new URLSearchParams(parameters)}`);

async function scopeOf({ prometheus, minutes = 5, untilSeconds = Date.now() / 1000 }: PictureOptions) {
  if (!(minutes > 0)) throw new Error(`\`minutes\`: expected a number above 0, got ${minutes}`);
  const scope: Omit<QueryScope, 'widthPixels'> = {
    range: { fromSeconds: untilSeconds - minutes * 60, toSeconds: untilSeconds },
    scrapeIntervalSeconds: await scrapeIntervalSeconds(prometheus),
    variables: resolveVariables(readDashboard()),
  };
  return scope;
}

/** A panel of the dashboard as HTML: its picture, and its numbers as a table. */
export async function panelInCell(title: string, options: PictureOptions): Promise<string> {
  const { prometheus, theme = 'light', widthPixels = 700 } = options;
  const panel = findPanel(title);
  const scope = await scopeOf(options);
  const series = await readPanel(panel, { ...scope, widthPixels }, askOf(prometheus));
  const { panelHtml } = await loadFigures();
  return panelHtml(panel, series, { widthPixels, heightPixels: HEIGHT, theme, range: scope.range });
}

/** The whole dashboard as HTML, laid out as in Grafana. */
export async function dashboardInCell(options: PictureOptions): Promise<string> {
  const { prometheus, theme = 'light', widthPixels = 1000 } = options;
  const scope = await scopeOf(options);
  const read = (panel: Panel) => readPanel(panel, { ...scope, ...panelSize(panel, widthPixels) }, askOf(prometheus));
  const { renderDashboard } = await loadFigures();
  return renderDashboard(readDashboard(), read, { widthPixels, theme, range: scope.range });
}

/** Shows a panel of the dashboard, named by how its title begins, as Prometheus knows it now. */
export async function showPanel(title: string, options: PictureOptions): Promise<void> {
  display.html(await panelInCell(title, options));
}

/** Shows all panels of the dashboard, as Prometheus knows them now. */
export async function showDashboard(options: PictureOptions): Promise<void> {
  display.html(await dashboardInCell(options));
}

export interface WatchOptions<Result> extends PictureOptions {
  /** The picture is drawn anew until this has settled. */
  during?: Promise<Result>;
  /** Ends the watching too. */
  signal?: AbortSignal;
  /** Time between two pictures. Default: 1 */
  everySeconds?: number;
}

/** Resolves when it is over; what it was does not matter here. */
function endOf({ during, signal }: WatchOptions<unknown>): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  const settled = during?.then(
    () => {},
    () => {},
  );
  return Promise.race([aborted, ...(settled ? [settled] : [])]);
}

/** Draws until the end, and once more at the end. */
async function redraw(draw: () => Promise<void>, end: Promise<void>, everySeconds: number): Promise<void> {
  const ending = new AbortController();
  void end.then(() => ending.abort());
  while (!ending.signal.aborted) {
    await draw();
    await wait(everySeconds * 1000, undefined, { signal: ending.signal }).catch(() => {});
  }
  await draw();
}

/**
 * Shows a panel that is drawn anew while something runs, and returns what that gave.
 * @example const load = await watchPanel('Query Latency', { prometheus, during: runLoad(rag, 30) });
 */
export async function watchPanel<Result = void>(title: string, options: WatchOptions<Result>): Promise<Result> {
  const { during, signal, everySeconds = 1 } = options;
  if (!during && !signal) throw new Error('`during`: expected a promise to wait for (or a `signal`), got neither');
  const output = newDisplay();
  const draw = async () => output.html(await panelInCell(title, options));
  const drawing = redraw(draw, endOf(options), everySeconds);
  // A picture that fails does not lose the result: both are awaited, and the load's own error comes first.
  const [result, drawn] = await Promise.allSettled([during as Promise<Result>, drawing]);
  if (result.status === 'rejected') throw result.reason;
  if (drawn.status === 'rejected') throw drawn.reason;
  return result.value;
}

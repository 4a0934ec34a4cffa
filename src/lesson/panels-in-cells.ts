import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { display } from 'tslab';
import { parse } from 'yaml';
import type { ThemeName } from '../charts/dashboard/types.js';
import {
  type Dashboard,
  drawnPanels,
  type Panel,
  panelRequests,
  panelSize,
  type QueryScope,
  readPanel,
  resolveVariables,
} from '../charts/index.js';
import { invalidOption } from '../m2_3_monitoring/errors/index.js';
import { parseDuration } from '../prometheus/duration.js';
import { type Prometheus, REPOSITORY } from '../stack/index.js';
import { currentPrometheus } from './live-stack.js';

/** What a picture of the dashboard depends on. */
export interface PictureOptions {
  /** Default: the one that the lesson has opened */
  prometheus?: Prometheus;
  /** How far it looks back. Default: 5 */
  minutes?: number;
  /** Default: `light` */
  theme?: ThemeName;
  /** Default: 700 for a panel, 1000 for the dashboard */
  widthPixels?: number;
  /** End of the time that is shown, in seconds since 1970. Default: now */
  untilSeconds?: number;
}

/** The same, complete. */
export type FullPictureOptions = PictureOptions & { prometheus: Prometheus };

export const withPrometheus = async <Options extends PictureOptions>(options: Options) => ({
  ...options,
  prometheus: options.prometheus ?? (await currentPrometheus()),
});

const HEIGHT = 340;

// ECharts takes half a second to load; a notebook that draws nothing does not wait for it.
const loadFigures = () => import('../charts/render/html.js');

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
export async function scrapeIntervalSeconds(prometheus: Prometheus): Promise<number> {
  const targets = await prometheus.targets();
  const intervals = targets.map(({ scrapeInterval = '' }) => parseDuration(scrapeInterval) ?? Infinity);
  const least = Math.min(...intervals);
  if (Number.isFinite(least)) return least;
  const { datasources } = parse(readRepositoryFile('monitoring/grafana/datasources/prometheus.yml'));
  return parseDuration(datasources[0].jsonData.timeInterval) ?? 15;
}

const readSeries = async (panel: Panel, scope: QueryScope, prometheus: Prometheus) =>
  (await readPanel(panel, panelRequests(panel, scope), prometheus)).series;

async function scopeOf({ prometheus, minutes = 5, untilSeconds = Date.now() / 1000 }: FullPictureOptions) {
  if (!(minutes > 0)) throw invalidOption('minutes', 'a number above 0', minutes);
  const scope: Omit<QueryScope, 'widthPixels'> = {
    range: { fromSeconds: untilSeconds - minutes * 60, toSeconds: untilSeconds },
    scrapeIntervalSeconds: await scrapeIntervalSeconds(prometheus),
    variables: resolveVariables(readDashboard()),
  };
  return scope;
}

/** A panel of the dashboard as HTML: its picture, and its numbers as a table. */
export async function panelInCell(title: string, options: FullPictureOptions): Promise<string> {
  const { prometheus, theme = 'light', widthPixels = 700 } = options;
  const panel = findPanel(title);
  const scope = await scopeOf(options);
  const series = await readSeries(panel, { ...scope, widthPixels }, prometheus);
  const { panelHtml } = await loadFigures();
  return panelHtml(panel, series, { widthPixels, heightPixels: HEIGHT, theme, range: scope.range });
}

/** The whole dashboard as HTML, laid out as in Grafana. */
export async function dashboardInCell(options: FullPictureOptions): Promise<string> {
  const { prometheus, theme = 'light', widthPixels = 1000 } = options;
  const scope = await scopeOf(options);
  const read = (panel: Panel) => readSeries(panel, { ...scope, ...panelSize(panel, widthPixels) }, prometheus);
  const { renderDashboard } = await loadFigures();
  return renderDashboard(readDashboard(), read, { widthPixels, theme, range: scope.range });
}

/** Shows a panel of the dashboard, named by how its title begins, as Prometheus knows it now. */
export async function showPanel(title: string, options: PictureOptions = {}): Promise<void> {
  display.html(await panelInCell(title, await withPrometheus(options)));
}

/** Shows all panels of the dashboard, as Prometheus knows them now. */
export async function showDashboard(options: PictureOptions = {}): Promise<void> {
  display.html(await dashboardInCell(await withPrometheus(options)));
}

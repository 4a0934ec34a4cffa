import type { IncomingMessage, ServerResponse } from 'node:http';
import { readDashboard } from './dashboard-file.js';
import { forward } from './proxy.js';
import { type FixedBody, sendError, sendFixed, sendJson } from './reply.js';
import { findRead } from './routes.js';
import { refusal } from './security.js';
import type { Upstream } from './upstream.js';

/** What a server of the page answers from. */
export interface Sources {
  assets: ReadonlyMap<string, FixedBody>;
  dashboardFile: string;
  prometheus: Upstream;
  alertmanager: Upstream | undefined;
}

const READ_ONLY = ['GET', 'HEAD'];

async function sendDashboard(response: ServerResponse, file: string): Promise<void> {
  const dashboard = await readDashboard(file);
  if ('text' in dashboard) sendJson(response, 200, dashboard.text);
  else sendError(response, 422, 'bad_dashboard', dashboard.problem);
}

/** Addresses for links, without credentials. */
const settings = ({ prometheus, alertmanager }: Sources) =>
  JSON.stringify({ prometheusUrl: prometheus.url, alertmanagerUrl: alertmanager?.url ?? null });

function localAnswer(path: string, sources: Sources) {
  const asset = sources.assets.get(path);
  if (asset) return (request: IncomingMessage, response: ServerResponse) => sendFixed(request, response, asset);
  if (path === '/dashboard.json')
    return (_: IncomingMessage, response: ServerResponse) => sendDashboard(response, sources.dashboardFile);
  if (path === '/settings.json')
    return (_: IncomingMessage, response: ServerResponse) => sendJson(response, 200, settings(sources));
  return undefined;
}

/** Answers one request to the page's server. */
export async function answer(request: IncomingMessage, response: ServerResponse, sources: Sources): Promise<void> {
  const refused = refusal(request);
  if (refused) return sendError(response, 403, 'forbidden', refused);
  const [path = '/', query] = (request.url ?? '/').split(/\?(.*)/s);
  const local = localAnswer(path, sources);
  const read = findRead(path);
  const upstream = read && sources[read.upstream];
  if (!local && !upstream) return sendError(response, 404, 'not_found', 'the page has nothing there');
  const methods = read?.methods ?? READ_ONLY;
  if (!methods.includes(request.method ?? ''))
    return sendError(response, 405, 'not_allowed', `only ${methods.join(' and ')} here`, { Allow: methods.join(', ') });
  if (local) return local(request, response);
  if (read && upstream) await forward(upstream, read.path + (query ? `?${query}` : ''), request, response);
}

/**
 * A history to look at: a week of traffic with two incidents, in Prometheus' own storage.
 *
 * In: a length, a seed.
 * Out: simulated traffic in Prometheus' storage.
 * Must not know: alerts, pictures.
 *
 * @module
 */

export { type DockerOptions, writeHistoryToDocker } from './docker.js';
export type { Progress } from './make-blocks.js';
export { type History, readHistory, removeHistory } from './marker.js';
export { DAY_SECONDS, type Incident, SCRAPE_SECONDS } from './timeline.js';
export { DATA_FOLDER, type HistoryOptions, type TrafficOptions, writeHistory } from './write-history.js';

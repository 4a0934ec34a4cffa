/**
 * The dashboard page: Grafana dashboards without Grafana.
 *
 * In: the addresses of Prometheus and Alertmanager.
 * Out: the dashboard page, which only reads.
 * Must not know: the metrics of this project.
 *
 * @module
 */

export { type Dashboard, type DashboardOptions, startDashboard } from './start-dashboard.js';

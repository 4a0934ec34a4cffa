export { DashboardError } from './dashboard-error.js';
export { type Dashboard, type DashboardOptions, startDashboard } from './start-dashboard.js';

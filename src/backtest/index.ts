/**
 * Alerts evaluated over past data: when they would have fired, under which thresholds, and whether they were right.
 *
 * In: alerts and past data.
 * Out: when they would have fired, and whether they were right.
 * Must not know: Alertmanager, the page.
 *
 * @module
 */

export { type NamedAlert, readAlerts } from './alert-file.js';
export type { BacktestResult, Firing } from './alert-states.js';
export { type AlertCondition, backtest, type Past } from './backtest.js';
export { drawCondition } from './draw-condition.js';
export { type Grade, gradeFirings, type KnownIncident } from './grade.js';
export { openData } from './open-data.js';
export { drawFirings } from './picture.js';
export type { PictureOptions, PictureVariant } from './picture-options.js';
export { bestOf, type SweepOptions, type SweepRow, sweep } from './sweep.js';

import { textTable } from '../cli/index.js';
import { formatDuration } from '../prometheus/duration.js';
import type { NamedAlert } from './alert-file.js';
import { backtest } from './backtest.js';
import { gradeFirings } from './grade.js';
import type { OpenPast } from './open-past.js';
import { incidentsFor } from './past-incidents.js';
import { resultCells, timesText } from './report.js';

/** Plays every alert of a file as it is: a table, and a line that sums up. */
export async function playAll(alerts: readonly NamedAlert[], past: OpenPast): Promise<string> {
  const rows = [];
  let [fired, falseAlarms] = [0, 0];
  for (const alert of alerts) {
    const result = await backtest({ ...past, rule: alert });
    const incidents = incidentsFor(alert, past);
    const grade = incidents && gradeFirings(result, incidents);
    fired += result.count;
    falseAlarms += grade?.falseAlarms ?? 0;
    rows.push({ alert: alert.name, for: formatDuration(alert.forSeconds), ...resultCells(result, grade) });
  }
  const judged = past.history ? `, ${falseAlarms === 0 ? 'none' : falseAlarms} of them falsely` : '';
  const sum = `Together they fire ${timesText(fired)}${judged}. --rule NAME tries other thresholds.`;
  return `${textTable(rows)}\n\n${sum}`;
}

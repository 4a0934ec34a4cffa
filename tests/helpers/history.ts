import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { openData } from '../../src/backtest/index.js';
import { type History, writeHistory } from '../../src/history/index.js';
import type { Prometheus } from '../../src/stack/index.js';

/** The evening of a Thursday: a day of history begins on the evening before, and has a night in it. */
export const END_SECONDS = Date.UTC(2026, 0, 8, 20) / 1000;

/** A day of history, written before the tests of a file and gone after them, and a Prometheus over it. */
export function dayOfHistory(target?: string): {
  folder: string;
  history: () => History;
  prometheus: () => Prometheus;
} {
  const folder = mkdtempSync(join(tmpdir(), 'm2_3-history-'));
  let history: History | undefined;
  let prometheus: Prometheus | undefined;
  before(async () => {
    history = await writeHistory({ folder, days: 1, endSeconds: END_SECONDS, ...(target && { target }) });
    prometheus = await openData(folder);
  });
  after(async () => {
    await prometheus?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, history: () => history as History, prometheus: () => prometheus as Prometheus };
}

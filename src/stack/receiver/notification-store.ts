import { existsSync, readFileSync } from 'node:fs';
import { logFile } from '../process/log-file.js';
import type { Notification } from './notification.js';

const KEPT = 100;

function readLines(file: string): Notification[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Notification];
      } catch {
        return []; // broken off while it was written
      }
    });
}

/** The last hundred notifications, also those of earlier runs; all of them go to a file of limited size. */
export function notificationStore(file: string): { add(notification: Notification): void; list(): Notification[] } {
  const log = logFile(file);
  const kept = readLines(file).slice(-KEPT);
  return {
    add: (notification) => {
      kept.push(notification);
      if (kept.length > KEPT) kept.shift();
      log.append(`${JSON.stringify(notification)}\n`);
    },
    list: () => [...kept],
  };
}

import type { Panel } from './types.js';
/** What of a panel is not drawn; empty where the picture shows all of it. */
export function notDrawn(_panel: Panel): string[] {
  return [];
}

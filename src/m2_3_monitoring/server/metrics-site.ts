import type { RefusalReason } from '../metrics/catalogue.js';
import type { Exposition } from './exposition.js';
import type { ScrapesInFlight } from './scrapes-in-flight.js';

/** What a metrics server answers from. */
export interface MetricsSite {
  exposition: Exposition;
  inFlight: ScrapesInFlight;
  /** Empty: all may read. */
  token: string;
  /** Bound to loopback: only names of loopback are answered. */
  isLoopback: boolean;
  /** A client that does not read its page for this long is cut off. */
  stalledMs: number;
  onRefusal: (reason: RefusalReason, client: string) => void;
}

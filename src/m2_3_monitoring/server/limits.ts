/** What clients may take of a metrics server. A scrape asks at once and reads at once; a client that does not makes room for others. */
export const LIMITS = {
  /** TLS handshake, and the headers of a request, in milliseconds. */
  headersMs: 5000,
  /** A whole request. */
  requestMs: 10_000,
  /** How often connections are looked at for the two above. */
  checkMs: 500,
  /** A client that does not read on for this long is cut off. */
  stalledMs: 5000,
  /** Connections at a time. */
  maxConnections: 500,
  /** Clients whose scrapes are answered at a time. */
  maxScrapes: 250,
  /** Bytes of pages that wait for their readers. */
  maxPageBytes: 67_108_864,
};

export type Limits = typeof LIMITS;

/** Where an observation comes from. */
export interface Origin {
  traceId: string;
  /** Seconds since 1970. */
  timestampSeconds: number;
}

/** An observation that stands for its bucket, and leads to its trace. */
export interface Exemplar extends Origin {
  value: number;
}

/** An observation that stands for its bucket, and leads to its trace. */
export interface Exemplar {
  traceId: string;
  value: number;
  /** Seconds since 1970. */
  timestampSeconds: number;
}

/** What Grafana puts in the place of a query's variables. */
export interface Interpolation {
  /** A PromQL duration of at least four scrapes. */
  rateInterval: string;
  /** The dashboard's time range as a PromQL duration. */
  range: string;
  /** A regular expression for the job. Default: every job. */
  job?: string;
}

/** A panel's query as Grafana sends it to Prometheus. */
export const interpolate = (expr: string, { rateInterval, range, job = '.*' }: Interpolation): string =>
  expr.replaceAll('$__rate_interval', rateInterval).replaceAll('$__range', range).replaceAll('$job', job);

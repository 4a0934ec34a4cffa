import type { Config } from '../../../config.js';
import type { Identifiable } from '../context/call-context.js';
import type { AnyFunction } from '../interop/replace-method.js';
import type { Status } from '../metrics/catalogue.js';
import type { MetricSet } from '../metrics/create-metrics.js';
import type { ModelSeries, PartSeries } from '../record/operation-series.js';
import type { OtelBridge } from '../record/otel-bridge.js';
import type { Origin } from '../series/index.js';

/** What the recording of a call needs. */
export interface RecordingContext extends Pick<MetricSet, 'metrics' | 'limit' | 'drop'> {
  modelSeries: (model: string) => ModelSeries;
  partSeries: PartSeries;
  config: Config;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  /** The sampled span that is active, at a time of `now`. */
  originAt: (nowMs: number) => Origin | undefined;
  otel?: OtelBridge;
}

export interface MonitoredQueryOptions {
  /** Which operation this is: the label `operation` of the latency and `endpoint` of the requests. Default: `query`. */
  operation?: string | undefined;
  /** Which model answers. Default: the `model` of the result, where it has one. */
  model?: string | undefined;
  /** The calls are sent as a batch, at the provider's batch prices. Default: false. */
  batch?: boolean | undefined;
  /** Who provides the model, for OpenTelemetry's `gen_ai.provider.name`. Default: `unknown`. */
  provider?: string | undefined;
  /**
   * Gives what the metrics are taken from, for results of a form of your own: an object with the keys that `monitoredQuery`
   * knows. What it throws is counted, and never seen by the caller. Default: the result itself.
   */
  extract?: ((result: unknown) => unknown) | undefined;
}

/** One call in progress. It is recorded once, by whichever ending comes first; nothing here ever throws but `run`, which throws what its work throws. */
export interface QueryRecord extends Identifiable {
  /** Runs a part of the work (a stream's next step) inside the call's context, so that its log lines carry the query's id. */
  run(call: AnyFunction, self: unknown, values: unknown[]): unknown;
  /** The work begins only now (a lazy stream that was asked for its first chunk): the clock starts anew. */
  restart(): void;
  /** Nobody has begun to consume a lazy stream, or asked for a lazy promise: it is not in progress. */
  pause(): void;
  /** Somebody has: it is in progress, by the clock of its start. */
  resume(): void;
  succeed(result: unknown): void;
  /** Succeeds with a result that is data and nothing else; false, and nothing is recorded, where it needs a closer look. */
  succeedPlainly(result: unknown): boolean;
  fail(error: unknown): void;
  /** A stream has given a chunk. */
  chunk(chunk: unknown): void;
  /** A stream has ended, or its consumer has stopped early. */
  finish(status: Status, returned?: unknown): void;
}

import type { Config } from '../../../config/module.js';
import type { MetricSet } from '../metrics/create-metrics.js';
import type { Origin } from '../series/index.js';
import type { ModelSeries, PartSeries } from './model-series.js';
import type { OtelBridge } from './otel-bridge.js';

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
   * Gives what the metrics are taken from, for results of another form: an object with the keys that `monitoredQuery`
   * knows. Of a stream it is given the last value of each field of its chunks, and where it declares a second parameter,
   * without a default, all chunks too, which are then kept until the stream ends. What it throws is counted, and never seen
   * by the caller. Default: the result itself.
   */
  extract?: ((result: unknown, chunks: readonly unknown[]) => unknown) | undefined;
}

import { type Attributes, metrics } from '@opentelemetry/api';
import type { ResultNumber } from '../result/provider-usage.js';

const powers = (base: number, count: number, first = 1) =>
  Array.from({ length: count }, (_, power) => first * base ** power);
const SECONDS = powers(2, 14, 0.01);

/**
 * OpenTelemetry's names for generative AI, status Development, as of the semantic conventions 1.41.0; a newer version changes
 * this table and nothing else.
 */
export const GEN_AI_CONVENTIONS = {
  version: '1.41.0',
  operationDuration: { name: 'gen_ai.client.operation.duration', unit: 's', boundaries: SECONDS },
  tokenUsage: { name: 'gen_ai.client.token.usage', unit: '{token}', boundaries: powers(4, 14) },
  timeToFirstChunk: { name: 'gen_ai.client.operation.time_to_first_chunk', unit: 's', boundaries: SECONDS },
  timePerOutputChunk: { name: 'gen_ai.client.operation.time_per_output_chunk', unit: 's', boundaries: SECONDS },
  attributes: {
    operation: 'gen_ai.operation.name',
    provider: 'gen_ai.provider.name',
    requestModel: 'gen_ai.request.model',
    responseModel: 'gen_ai.response.model',
    tokenType: 'gen_ai.token.type',
    errorType: 'error.type',
  },
} as const;

/** One call, in the terms of the conventions. */
export interface GenAiCall {
  provider?: string;
  /** The model that was asked for, and the one that says it has answered. */
  requestModel?: string;
  responseModel?: string;
  durationSeconds: number;
  inputTokens?: ResultNumber;
  outputTokens?: ResultNumber;
  timeToFirstChunkSeconds?: number;
  secondsPerOutputChunk?: number;
  errorType?: string;
}

export interface OtelBridge {
  record(call: GenAiCall): void;
}

/** Records the same calls under OpenTelemetry's names, with whatever meter provider the process has registered. */
export function createOtelBridge(): OtelBridge {
  const meter = metrics.getMeter('m2_3_monitoring', undefined, { schemaUrl: schemaUrl() });
  const histogram = ({ name, unit, boundaries }: { name: string; unit: string; boundaries: readonly number[] }) =>
    meter.createHistogram(name, { unit, advice: { explicitBucketBoundaries: [...boundaries] } });
  const duration = histogram(GEN_AI_CONVENTIONS.operationDuration);
  const tokens = histogram(GEN_AI_CONVENTIONS.tokenUsage);
  const firstChunk = histogram(GEN_AI_CONVENTIONS.timeToFirstChunk);
  const perChunk = histogram(GEN_AI_CONVENTIONS.timePerOutputChunk);
  const key = GEN_AI_CONVENTIONS.attributes;

  return {
    record(call) {
      const common: Attributes = { [key.operation]: 'chat', [key.provider]: call.provider ?? 'unknown' };
      if (call.requestModel) common[key.requestModel] = call.requestModel;
      if (call.responseModel) common[key.responseModel] = call.responseModel;
      // The conventions put the error on the duration only.
      duration.record(call.durationSeconds, call.errorType ? { ...common, [key.errorType]: call.errorType } : common);
      for (const [type, count] of [
        ['input', call.inputTokens],
        ['output', call.outputTokens],
      ] as const) {
        if (typeof count === 'number') tokens.record(count, { ...common, [key.tokenType]: type });
      }
      if (call.timeToFirstChunkSeconds !== undefined) firstChunk.record(call.timeToFirstChunkSeconds, common);
      if (call.secondsPerOutputChunk !== undefined) perChunk.record(call.secondsPerOutputChunk, common);
    },
  };
}

const schemaUrl = () => `https://opentelemetry.io/schemas/${GEN_AI_CONVENTIONS.version}`;

import { Writable } from 'node:stream';
import type { DestinationStream, LoggerOptions } from 'pino';
import { type Config, ConfigError } from '../../../config/module.js';
import type { TraceContext } from '../context/trace-context.js';

/** A log line's fields in the lesson's names, before a format renames some. */
export type Fields = Record<string, unknown>;

/** How one log service wants its lines. */
export interface LogFormat {
  /** The lines are as the logger has them: nothing renamed, nothing coloured. */
  isPlain?: true;
  /** What a line's time is called. */
  timeKey: string;
  /** What differs in pino's options. */
  options: LoggerOptions;
  /** Gives the fields their names in this format. */
  shape(fields: Fields, trace: TraceContext | undefined): Fields;
  /** Where the lines go, by way of a formatter for terminals. */
  through(destination: DestinationStream): DestinationStream;
}

/** Loads a formatter that only one format needs. @throws {ConfigError} with the command that installs it */
function load<Module>(name: string, format: string): Module {
  try {
    return require(name) as Module;
  } catch {
    throw new ConfigError(`\`LOG_FORMAT\`: ${format} needs the package ${name}: npm install ${name}`);
  }
}

const traceFields = (trace: TraceContext | undefined): Fields =>
  trace ? { trace_id: trace.traceId, span_id: trace.spanId } : {};

/** Fields of which one has the name that a format gives to the level: it gets another, or the level would be lost. */
function withoutClash(fields: Fields, name: string): Fields {
  if (!(name in fields)) return fields;
  const { [name]: value, ...others } = fields;
  return { ...others, [`field_${name}`]: value };
}

/** The lines of the lesson; CloudWatch reads them as they are. */
const json: LogFormat = {
  timeKey: 'timestamp',
  options: {},
  shape: (fields, trace) => (trace ? { ...fields, ...traceFields(trace) } : fields),
  through: (destination) => destination,
};

const GOOGLE_SEVERITIES: Record<string, string> = { trace: 'DEBUG', warn: 'WARNING', fatal: 'CRITICAL' };

// https://cloud.google.com/logging/docs/structured-logging
const gcp = ({ GOOGLE_CLOUD_PROJECT: project }: Config): LogFormat => ({
  ...json,
  options: { formatters: { level: (label) => ({ severity: GOOGLE_SEVERITIES[label] ?? label.toUpperCase() }) } },
  shape: (fields, trace) => ({
    ...withoutClash(fields, 'severity'),
    ...(trace && {
      'logging.googleapis.com/trace': project ? `projects/${project}/traces/${trace.traceId}` : trace.traceId,
      'logging.googleapis.com/spanId': trace.spanId,
      'logging.googleapis.com/trace_sampled': trace.sampled,
    }),
  }),
});

const EMBEDDED_METRICS = [
  { Name: 'duration_ms', Unit: 'Milliseconds' },
  { Name: 'input_tokens', Unit: 'Count' },
  { Name: 'output_tokens', Unit: 'Count' },
  { Name: 'cost_usd', Unit: 'None' },
];

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
const cloudwatchEmf = ({ SERVICE_NAME: service }: Config, wallClock: () => number): LogFormat => ({
  ...json,
  shape(fields, trace) {
    const present = EMBEDDED_METRICS.filter(({ Name }) => typeof fields[Name] === 'number');
    const directive = { Namespace: service, Dimensions: [['service', 'environment']], Metrics: present };
    const embedded = present.length === 0 ? {} : { _aws: { Timestamp: wallClock(), CloudWatchMetrics: [directive] } };
    return { ...fields, ...traceFields(trace), ...embedded };
  },
});

const decimal = (hexadecimal: string) => BigInt(`0x${hexadecimal}`).toString();

const DATADOG_NAMES: Record<string, string> = {
  error_type: 'error.kind',
  error_message: 'error.message',
  stack_trace: 'error.stack',
  user_id: 'usr.id',
};

// https://docs.datadoghq.com/logs/log_configuration/attributes_naming_convention/
const datadog = ({ ENVIRONMENT: env }: Config): LogFormat => ({
  ...json,
  options: { formatters: { level: (label) => ({ status: label }) } },
  shape: (fields, trace) => ({
    ...Object.fromEntries(
      Object.entries(withoutClash(fields, 'status')).map(([key, value]) => [DATADOG_NAMES[key] ?? key, value]),
    ),
    env,
    ...(trace && { 'dd.trace_id': decimal(trace.traceId.slice(16)), 'dd.span_id': decimal(trace.spanId) }),
  }),
});

type EcsFormat = { ecsFormat(options: object): LoggerOptions };

function ecs({ SERVICE_NAME, ENVIRONMENT }: Config): LogFormat {
  const { ecsFormat } = load<EcsFormat>('@elastic/ecs-pino-format', 'ecs');
  const options = { serviceName: SERVICE_NAME, serviceEnvironment: ENVIRONMENT, apmIntegration: false };
  const { messageKey, formatters } = ecsFormat(options);
  return {
    ...json,
    timeKey: '@timestamp',
    options: { messageKey, formatters },
    shape({ error_type, error_message, stack_trace, user_id, ...fields }, trace) {
      return {
        ...fields,
        ...(error_type !== undefined && { error: { type: error_type, message: error_message, stack_trace } }),
        ...(user_id !== undefined && { user: { id: user_id } }),
        ...(trace && { trace: { id: trace.traceId }, span: { id: trace.spanId } }),
      };
    },
  };
}

type Pretty = (options: object) => DestinationStream;

function pretty(): LogFormat {
  const build = load<Pretty>('pino-pretty', 'pretty');
  return {
    ...json,
    through: (destination) =>
      build({
        sync: true,
        colorize: process.stdout.isTTY === true,
        messageKey: 'message',
        timestampKey: 'timestamp',
        ignore: 'service,environment',
        destination: new Writable({
          write(chunk, _encoding, done) {
            destination.write(String(chunk));
            done();
          },
        }),
      }),
  };
}

/** The format that LOG_FORMAT names. @throws {ConfigError} if its formatter is not installed */
export function createLogFormat(config: Config, wallClock: () => number): LogFormat {
  const formats: Record<string, () => LogFormat> = {
    gcp: () => gcp(config),
    'cloudwatch-emf': () => cloudwatchEmf(config, wallClock),
    datadog: () => datadog(config),
    ecs: () => ecs(config),
    pretty,
  };
  return formats[config.LOG_FORMAT]?.() ?? { ...json, isPlain: true };
}

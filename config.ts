import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { cleanEnv, makeValidator } from 'envalid';

/** A setting has a value that it cannot have. The message names the variable, what was expected and what came. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'ERR_CONFIG';
}

const number = (default_: number, { min = 0, max = Infinity }, unit: string, description: string) => ({
  default: default_,
  unit,
  description,
  expected: max === Infinity ? `a number of at least ${min}` : `a number from ${min} to ${max}`,
  parse: (text: string) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) && value >= min && value <= max ? value : undefined;
  },
});

const port = (default_: number, description: string) => ({
  default: default_,
  description,
  expected: 'a port number from 1 to 65535, or 0 for any free one',
  parse: (text: string) => (/^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined),
});

const text = (default_: string, description: string) => ({
  default: default_,
  description,
  expected: 'a text that is not empty',
  parse: (value: string) => (value.trim() === '' ? undefined : value),
});

/** A text that may be absent: the empty default means "not set". */
const optional = (description: string) => ({
  default: '',
  description,
  expected: 'a text, or nothing',
  parse: (value: string) => value,
});

/** A secret that may be absent, and can be sent in a header; it stands in no message. */
const token = (description: string) => ({
  default: '',
  description,
  expected: 'ASCII characters without a space or a line break at either end, or nothing',
  isSecret: true,
  parse: (value: string) => (/^([!-~]([ -~]*[!-~])?)?$/.test(value) ? value : undefined),
});

const flag = (default_: boolean, description: string) => ({
  default: default_,
  description,
  expected: 'true or false',
  parse: (value: string) => ({ true: true, '1': true, false: false, '0': false })[value.toLowerCase()],
});

const choice = <T extends string>(default_: T, choices: readonly T[], description: string) => ({
  default: default_,
  description,
  expected: `one of ${choices.join(', ')}`,
  parse: (value: string) => choices.find((one) => one === value.toLowerCase()),
});

/** Every setting once. The variable in the environment, or in the nearest `.env`, has the same name. */
export const settings = {
  METRICS_PORT: port(8000, 'Port that serves /metrics'),
  METRICS_HOST: text(
    '127.0.0.1',
    'Address that /metrics binds to; 0.0.0.0 lets a container scrape it, and everybody else on the network too',
  ),
  METRICS_TOKEN: token('Scrapes have to bring this bearer token; without it, anybody who reaches the port can read'),
  METRICS_TLS_CERT_FILE: optional('Certificate (PEM) with which /metrics is served over HTTPS'),
  METRICS_TLS_KEY_FILE: optional('Private key (PEM) of that certificate'),
  MAX_LABEL_VALUES: number(
    100,
    { min: 1, max: 10_000 },
    'values',
    'Values that a label may have; more are recorded as "other"',
  ),
  MODELS: optional('The models that may be label values, comma-separated; others are recorded as "other"'),
  MODEL_PRICES_FILE: optional(
    'Prices of your own, in the form of data/model_prices.json; they win over the committed ones',
  ),
  OTEL_BRIDGE: flag(false, "Record the calls under OpenTelemetry's GenAI metric names too"),
  SERVICE_NAME: text('rag-service', 'Name of the service in every log line'),
  ENVIRONMENT: text('development', 'Name of the environment in every log line'),
  LOG_LEVEL: choice(
    'info',
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'Lowest level that is logged',
  ),
  LOG_FORMAT: choice(
    'json',
    ['json', 'gcp', 'cloudwatch', 'cloudwatch-emf', 'datadog', 'ecs', 'pretty'],
    'Form of the log lines: plain JSON, or what a log service expects',
  ),
  LOG_USER_IDS: choice('hashed', ['hashed', 'plain'], 'User ids in log lines: a keyed hash, or as they are'),
  LOG_HASH_KEY: optional(
    'Key of that hash; without it, each process has a random one, and ids cannot be compared between them',
  ),
  LOG_REDACT: optional('Further fields to redact, comma-separated paths such as headers.cookie or *.ssn'),
  GOOGLE_CLOUD_PROJECT: optional('Project that LOG_FORMAT=gcp names in the trace field'),
  LOG_QUERY_IDS: flag(
    true,
    'Log lines inside a monitored call carry its query_id; without, Node 20 follows no promise, which it does at a price',
  ),
  LOG_QUERY_TEXT: flag(false, "Log the text of a query, which may hold personal data, besides the query's length"),
  DEFAULT_INPUT_USD_PER_1K: number(
    0.003,
    {},
    'USD per 1,000 tokens',
    'Price of input tokens of a model without a price',
  ),
  DEFAULT_OUTPUT_USD_PER_1K: number(
    0.015,
    {},
    'USD per 1,000 tokens',
    'Price of output tokens of a model without a price',
  ),
  ALERT_QUERY_P95_SECONDS: number(2, {}, 's', 'Alert when the p95 of the query latency is above'),
  ALERT_RETRIEVAL_P95_SECONDS: number(0.5, {}, 's', 'Threshold of the p95 of the retrieval latency'),
  ALERT_LLM_P95_SECONDS: number(5, {}, 's', 'Threshold of the p95 of the LLM latency'),
  ALERT_QUERY_COST_P95_USD: number(0.1, {}, 'USD', 'Threshold of the p95 of the cost of a query'),
  ALERT_DAILY_COST_USD: number(100, {}, 'USD per day', 'Alert when the projected spend of a day is above'),
  ALERT_RELEVANCE_P50: number(0.7, { max: 1 }, 'score', 'Threshold of the median relevance score'),
  ALERT_CONTEXT_PRECISION_P50: number(0.6, { max: 1 }, 'score', 'Threshold of the median context precision'),
  ALERT_CACHE_HIT_RATIO: number(0.3, { max: 1 }, 'ratio', 'Alert when the share of cache hits is below'),
  ALERT_ERROR_RATIO: number(0.05, { max: 1 }, 'ratio', 'Alert when the share of failed requests is above'),
  ALERT_RATE_LIMIT_REMAINING: number(100, {}, 'requests', 'Alert when the provider allows fewer requests than'),
  STACK_FOLDER: text(
    '.cache/stack',
    'Folder in which Prometheus and Alertmanager keep their data without Docker; a relative one lies in the project',
  ),
  LLM_TIME_SCALE: number(1, { max: 10 }, 'factor', "Stretches the simulated LLM's 1 to 3 seconds; 0 answers at once"),
} as const;

type Value<Default> = Default extends string ? string : Default extends number ? number : boolean;

/** The parsed settings, read-only. */
export type Config = { readonly [Name in keyof typeof settings]: Value<(typeof settings)[Name]['default']> };

function parseSetting(name: string, given: unknown): string | number | boolean {
  const setting = settings[name as keyof typeof settings];
  if (!setting) throw new ConfigError(`\`${name}\`: no such setting`);
  const value = setting.parse(String(given));
  if (value !== undefined) return value;
  const got = 'isSecret' in setting ? 'something else' : JSON.stringify(given);
  throw new ConfigError(`\`${name}\`: expected ${setting.expected}, got ${got}`);
}

const validators = Object.fromEntries(
  Object.entries(settings).map(([name, setting]) => {
    const validator = makeValidator<string | number | boolean>((text) => parseSetting(name, text));
    return [name, validator({ default: setting.default })];
  }),
);

/**
 * Parses and checks settings. An empty variable counts as not set.
 * @throws {ConfigError} one line for each bad value, naming variable, expectation and value
 */
export function parseConfig(environment: NodeJS.Dict<string>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  return cleanEnv(given, validators, {
    reporter: ({ errors }) => {
      const lines = Object.values(errors).map((error) => (error as Error).message);
      if (lines.length > 0) throw new ConfigError(lines.join('\n'));
    },
  }) as unknown as Config;
}

/** Settings with some replaced. @throws {ConfigError} on a setting that does not exist, or cannot have the value */
export function overrideConfig(base: Config, overrides: Partial<Config>): Config {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(given.map(([name, value]) => [name, parseSetting(name, value)])) };
}

function nearestEnvFile(folder: string): string | undefined {
  const file = join(folder, '.env');
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : nearestEnvFile(dirname(folder));
}

function readEnvFile(): NodeJS.Dict<string> {
  const file = nearestEnvFile(process.cwd());
  if (file === undefined) return {};
  try {
    // Some editors begin a file with a byte order mark, which would become part of the first name.
    return parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConfigError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

/** The settings of this process: its environment first, then the nearest `.env` at or above the working directory. */
export const config: Config = parseConfig({ ...readEnvFile(), ...process.env });

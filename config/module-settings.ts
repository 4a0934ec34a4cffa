import { choice, flag, key, number, optional, port, shared, text, token } from './setting.js';

/** What a service that uses the module `m2_3_monitoring` can set. */
export const moduleSettings = {
  METRICS_PORT: port(8000, 'Port that serves /metrics'),
  METRICS_HOST: text(
    '127.0.0.1',
    'Address that /metrics binds to; 0.0.0.0 lets a container scrape it, and every other machine of the network too',
  ),
  METRICS_TOKEN: token(
    'Bearer token that a scrape has to send; without it, every client that reaches the port can read',
  ),
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
  SERVICE_NAME: shared(text('rag-service', 'Name of the service in every log line')),
  ENVIRONMENT: shared(text('development', 'Name of the environment in every log line')),
  LOG_LEVEL: shared(
    choice('info', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'Lowest level that is logged'),
  ),
  LOG_FORMAT: shared(
    choice(
      'json',
      ['json', 'gcp', 'cloudwatch', 'cloudwatch-emf', 'datadog', 'ecs', 'pretty'],
      'Form of the log lines: plain JSON, or what a log service expects',
    ),
  ),
  LOG_BUFFER_BYTES: number(
    0,
    { max: 65_536 },
    'bytes',
    'Log lines wait for others up to so many bytes, 100 ms at most, and are written together; a process that is killed takes them along',
  ),
  LOG_USER_IDS: choice('hashed', ['hashed', 'plain'], 'User ids in log lines: a keyed hash, or as they are'),
  LOG_HASH_KEY: key(
    16,
    'Key of that hash; without it, each process has a random one, and ids cannot be compared between them',
  ),
  LOG_REDACT: optional('Further fields to redact, comma-separated paths such as headers.cookie or *.ssn'),
  GOOGLE_CLOUD_PROJECT: optional('Project that LOG_FORMAT=gcp names in the trace field'),
  LOG_QUERY_IDS: flag(
    true,
    'Log lines inside a monitored call carry its query_id; without it, Node 20 and 22 need not follow every promise',
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
} as const;

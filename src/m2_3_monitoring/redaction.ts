const SECRET_KEYS = [
  'password',
  'secret',
  'token',
  'api_key',
  'apiKey',
  'access_token',
  'accessToken',
  'authorization',
  'Authorization',
  'cookie',
];

/** Where a secret may stand in a log line: under its usual names, at the top and one or two levels down. */
export const SECRET_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

// Shapes of the keys of OpenAI and Anthropic (sk-…), GitHub, AWS, Google and Slack, and of HTTP's bearer tokens.
const SECRET_TEXT =
  /\b(sk-[\w-]{12,}|gh[pousr]_\w{20,}|AKIA[A-Z0-9]{16}|AIza[\w-]{30,}|xox[abpr]-[\w-]{10,})|(?<=\bBearer )[\w.~+/-]+=*/g;

/** A text without the keys and tokens that it quotes, as error messages of API clients do. */
export const redactText = (text: string): string => text.replace(SECRET_TEXT, '[redacted]');

/** Names under which secrets stand, whatever their case and however they are joined. */
const SECRET_KEY =
  /pass(?:words?|wd|phrase)?$|pwd$|secret|bearer|api[-_]?key|authorization|cookie|credential|private[-_]?key|access[-_]?(?:key|token)|auth[-_]?token|x[-_]?auth$|^auth$|jwt|(?:^|[-_])token$/i;

// Shapes of the keys of OpenAI and Anthropic (sk-…), GitHub, AWS, Google and Slack, of HTTP's credentials, of passwords in
// addresses, and of keys in their queries.
const SECRET_TEXT =
  /(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)|(?<=[?&](?:api_?key|key|token|access_token)=)[^&\s"]+|(?<=\b(?:Bearer|Basic) )[\w.~+/-]+=*|\b(?:sk-[\w-]{12,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|AKIA[A-Z0-9]{16}|AIza[\w-]{30,}|xox[abpr]-[\w-]{10,})/gi;

export const CENSORED = '[redacted]';
/** `a://:x@` and `Basic x` have no fewer characters. */
const SHORTEST_SECRET_TEXT = 7;
const MAX_DEPTH = 8;

/** Texts without secrets, short and not too many: services log the same names of models and endpoints in every line. */
const CLEAN_TEXTS = new Set<string>();
const MAX_CLEAN_TEXTS = 500;
const MAX_CLEAN_LENGTH = 40;

/** A text without the keys and tokens that it quotes, as error messages of API clients do. */
export function redactText(text: string): string {
  if (text.length < SHORTEST_SECRET_TEXT || CLEAN_TEXTS.has(text)) return text;
  const redacted = text.replace(SECRET_TEXT, CENSORED);
  const isClean = redacted === text && text.length <= MAX_CLEAN_LENGTH;
  if (isClean && CLEAN_TEXTS.size < MAX_CLEAN_TEXTS) CLEAN_TEXTS.add(text);
  return redacted;
}

/** How many values of one line are looked at; what comes after is left out. */
const MAX_VALUES = 2000;

interface Walk {
  /** The objects that hold the value at hand. */
  above: Set<object>;
  budget: { left: number };
}

/** What JSON would make of an object: the outcome of `toJSON`, an error's message, the fields of any class. */
function plainForm(value: object): unknown {
  const { toJSON } = value as { toJSON?: () => unknown };
  if (typeof toJSON === 'function') return toJSON.call(value);
  if (value instanceof Error) {
    const { name, message, stack } = value;
    return { ...value, type: name, message, stack };
  }
  return value;
}

/** What is known of a key: services use the same few keys in every line. */
const secretKeys = new Map<string, boolean>();
const MAX_KNOWN_KEYS = 1000;

/** Whether a secret stands under a name. */
export function isSecretKey(key: string): boolean {
  const known = secretKeys.get(key);
  if (known !== undefined) return known;
  const secret = SECRET_KEY.test(key.replace(/([a-z0-9])([A-Z])/g, '$1_$2'));
  if (secretKeys.size < MAX_KNOWN_KEYS) secretKeys.set(key, secret);
  return secret;
}

function redactValue(value: unknown, depth: number, { above, budget }: Walk): unknown {
  budget.left -= 1;
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH || above.has(value) || budget.left < 0) return '[nested]';
  const within = { above: new Set(above).add(value), budget };
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1, within));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const plain = plainForm(value);
  if (plain !== value) return redactValue(plain, depth + 1, within);
  return redactFields(value as Record<string, unknown>, depth, within);
}

function redactFields(fields: Record<string, unknown>, depth: number, walk: Walk): Record<string, unknown> {
  const redacted: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    const secret = isSecretKey(key) && typeof value !== 'boolean' && value !== undefined;
    redacted[key] = secret ? CENSORED : redactValue(value, depth + 1, walk);
  }
  return redacted;
}

/** A value of a field without its secrets: by name at any depth, and inside any text. What was given stays as it is. */
export function redactField(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  return redactValue(value, 1, { above: new Set(), budget: { left: MAX_VALUES } });
}

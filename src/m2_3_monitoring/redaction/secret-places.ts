import { isSecretUnder } from './secret-names.js';

export const CENSORED = '[redacted]';

/** A place in a text where secrets stand, whatever they look like. */
export interface SecretPlace {
  of: string;
  /** Only texts with this in them are searched. */
  needs?: string;
  pattern: RegExp;
  /** What the match is replaced by. */
  replace(whole: string, ...groups: string[]): string;
  source: string;
  example: string;
  nearMiss: string;
}

/** Words that stand after `Bearer` and `Basic` in prose. */
const PROSE =
  /^(?:tokens?|auth\w*|credentials?|scheme|realm|error|header|is|was|not|or|and|in|for|must|missing|required|invalid|expired)$/i;
const looksRandom = (text: string): boolean => /\d|[a-z][A-Z]|[A-Z]{2}[a-z]|=$/.test(text);
const MIN_KEY_LENGTH = 16;

export const secretPlaces: readonly SecretPlace[] = [
  {
    of: 'private keys',
    needs: '-----BEGIN ',
    pattern: /-----BEGIN ([A-Z0-9 ]*)-----(?:-{0,4}[^-])*(?:-----END [A-Z0-9 ]*-----)?/g,
    replace: (whole, label = '') => (label.includes('PRIVATE') ? CENSORED : whole),
    source: 'https://www.rfc-editor.org/rfc/rfc7468#section-10',
    example:
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEsecretsecret\n-----END RSA PRIVATE KEY-----',
    nearMiss: '-----BEGIN CERTIFICATE-----\nMIIEpublicpublic\n-----END CERTIFICATE-----',
  },
  {
    of: 'names with values, in two fields',
    needs: 'value',
    pattern:
      /((?:name|key|header|field)["']?\s*[:=]\s*["'])([\w.-]+)(["'][\s,;]+["']?value["']?\s*[:=]\s*["'])([^"'<>]+)/gi,
    replace: (whole, start = '', name = '', middle = '') =>
      isSecretUnder(name, '') ? `${start}${name}${middle}${CENSORED}` : whole,
    source:
      'https://learn.microsoft.com/en-us/dotnet/framework/configure-apps/file-schema/appsettings/add-element-for-appsettings',
    example: '<add key="ApiKey" value="secretsecret" />',
    nearMiss: '<add key="PageSize" value="twentyfive" />',
  },
  {
    of: 'options of commands',
    needs: '-',
    pattern: /(^|\s)(--?)([\w-]+)(\s+["']?)([^\s"'-][^\s"']*)/g,
    replace: (whole, before = '', dashes = '', name = '', blank = '', value = '') => {
      const isLogin = /^u(?:ser)?$/.test(name) && value.includes(':');
      return isLogin || isSecretUnder(name, value) ? `${before}${dashes}${name}${blank}${CENSORED}` : whole;
    },
    source: 'https://curl.se/docs/manpage.html#-u',
    example: 'curl -u alice:secretsecret https://host/',
    nearMiss: 'curl -o listlistlist https://host/',
  },
  {
    of: 'elements of XML',
    needs: '</',
    pattern: /<([\w.:-]+)>([^<]+)/g,
    replace: (whole, name = '', value = '') => (isSecretUnder(name, value) ? `<${name}>${CENSORED}` : whole),
    source: 'https://maven.apache.org/settings.html#servers',
    example: '<password>secretsecret</password>',
    nearMiss: '<title>storystorystory</title>',
  },
  {
    of: 'passwords after their name, in quotes',
    needs: ' ',
    pattern: /\b(password|passwd|passphrase|pwd|identified by)(\s+["'`])([^"'`]+)/gi,
    replace: (_, name = '', opening = '') => `${name}${opening}${CENSORED}`,
    source: 'https://www.postgresql.org/docs/current/sql-alterrole.html',
    example: "ALTER ROLE app PASSWORD 'secretsecret'",
    nearMiss: 'the password "" is empty',
  },
  {
    of: 'keys and tokens after their name in prose',
    needs: ' ',
    pattern: /\b(token|secret|(?:api|access|secret|private) key)(\s+["'`]?)([\w.~+/=-]+)/gi,
    replace: (whole, name = '', opening = '', value = '') =>
      value.length >= MIN_KEY_LENGTH && /\d/.test(value) ? `${name}${opening}${CENSORED}` : whole,
    source: 'https://platform.openai.com/docs/guides/error-codes',
    example: 'API key secretsecretsecret1 is invalid',
    nearMiss: 'invalid token "characteristically"',
  },
  {
    of: 'credentials of HTTP',
    needs: ' ',
    pattern: /\b(Bearer|Basic|Negotiate|Bot|ApiKey|SSWS|Splunk)(\s+)([\w.~+/-]+=*)/gi,
    replace: (whole, scheme = '', blank = '', value = '') => {
      const isSecret = scheme.toLowerCase() === 'bearer' ? !PROSE.test(value) : looksRandom(value);
      return isSecret ? `${scheme}${blank}${CENSORED}` : whole;
    },
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-11.4',
    example: 'sent Bearer secretsecret',
    nearMiss: 'sent a bearer token, or Basic credentials',
  },
  {
    of: 'users with passwords in addresses',
    needs: '://',
    pattern: /:\/\/([^\s/?#"'`<>\\]*)@/g,
    replace: (whole, user = '') => (user.includes(':') ? `://${CENSORED}@` : whole),
    source: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    example: 'redis://:secret@secret@host:6379/0',
    nearMiss: 'ssh://git@host/path',
  },
  {
    of: 'addresses with a key as user, as those of Sentry and of repositories: host and path say what the key is for',
    needs: '://',
    pattern: /:\/\/[^\s/?#:@"'`<>\\]{16,}@[^\s"'`<>\\]*/g,
    replace: () => `://${CENSORED}`,
    source: 'https://docs.sentry.io/concepts/key-terms/dsn-explainer/',
    example: 'https://secretsecretsecret@host/path',
    nearMiss: 'https://alice@host/path',
  },
  {
    of: 'passwords with slashes in addresses; a port is none',
    needs: '://',
    pattern: /:\/\/[^\s/@:"'`<>\\]*:\d*[^\d\s@:/"'`<>\\][^\s@:"'`<>\\]*@/g,
    replace: () => `://${CENSORED}@`,
    source: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    example: 'postgres://app:secret/secret@host/db',
    nearMiss: 'http://registry:4873/react@18',
  },
];

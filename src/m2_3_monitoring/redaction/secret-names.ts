import { type NameRule, nameRules } from './name-rules.js';

const MAX_NAME_LENGTH = 128;

const splitBySpaces = (text = ''): string[] => text.split(/\s+/).filter(Boolean);

/** Words after a name that leave its meaning: `api_key_prod`, `password_hash`, `authorization_header`. */
const FURTHER = new Set(
  splitBySpaces(`value string str raw binary plain plaintext header headers param parameter env var b64 base64 encoded encrypted enc hash hashed
    digest salt prod production dev development test testing staging stage live sandbox local old new current primary secondary backup
    default confirm confirmation repeat json`),
);
/** Words with which a name asks whether there is a secret. */
const FLAGS = new Set(['has', 'is', 'needs', 'requires', 'uses']);
const VERSION = /^v?\d+$/;

function wordsOf(name: string): string[] {
  return name
    .slice(-MAX_NAME_LENGTH)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

function withoutFurther(given: readonly string[]): string[] {
  const words = [...given];
  const isFurther = (word = '') => FURTHER.has(word) || VERSION.test(word);
  while (words.length > 1 && isFurther(words.at(-1))) words.pop();
  const last = words.pop() ?? '';
  return [...words, last.replace(/\d+$/, '')];
}

/** A rule for names that end in a word of its own, as that is looked up. */
interface WordRule extends Pick<NameRule, 'hidesNumbers'> {
  mayFollow(word: string | undefined): boolean;
}

function toWordRule({ except, after, hidesNumbers }: NameRule): WordRule {
  const [exceptions, needed] = [new Set(splitBySpaces(except)), new Set(splitBySpaces(after))];
  const isNeeded = (word: string) => needed.size === 0 || needed.has('*') || needed.has(word);
  const mayFollow = (word: string | undefined) =>
    word === undefined ? needed.size === 0 : isNeeded(word) && !exceptions.has(word);
  return { hidesNumbers, mayFollow };
}

const wordRules = new Map(
  nameRules
    .filter(({ isWord }) => isWord)
    .flatMap((rule) => splitBySpaces(rule.ends).map((end) => [end, toWordRule(rule)] as const)),
);
const joinedRules = nameRules.filter(({ isWord }) => !isWord);
const endingOf = (rules: readonly NameRule[]) =>
  new RegExp(`(?:${rules.flatMap(({ ends }) => splitBySpaces(ends)).join('|')})s?$`);
const joinedEnding = endingOf(joinedRules);
const joinedEndingOfNumbers = endingOf(joinedRules.filter(({ hidesNumbers }) => hidesNumbers));

/** The last letters of all ends. Most names have none of them, which is seen before they are split into words. */
const LAST_LETTERS = new RegExp(
  [...new Set(nameRules.flatMap(({ ends }) => splitBySpaces(ends).map((end) => end.slice(-3))))].join('|'),
  'i',
);

export const namePatterns = [VERSION, joinedEnding, joinedEndingOfNumbers, LAST_LETTERS];

/** What is a secret under a name: anything, or anything but a number. A count of tokens is none, a PIN is one. */
export type Secrecy = 'everything' | 'allButNumbers';

function secrecyOfWords(words: readonly string[]): Secrecy | undefined {
  const wordRule = wordRules.get(words.at(-1) ?? '');
  if (wordRule?.mayFollow(words.at(-2))) return wordRule.hidesNumbers ? 'everything' : 'allButNumbers';
  const joined = words.join('');
  if (joinedEndingOfNumbers.test(joined)) return 'everything';
  return joinedEnding.test(joined) ? 'allButNumbers' : undefined;
}

/** What a name says of its value; undefined where it is no secret's. */
export function secrecyOf(name: string): Secrecy | undefined {
  if (!LAST_LETTERS.test(name)) return undefined;
  const words = wordsOf(name);
  if (FLAGS.has(words[0] ?? '')) return undefined;
  return secrecyOfWords(words) ?? secrecyOfWords(withoutFurther(words));
}

/** Whether a value is to be hidden. Whether there is a password at all is no secret: flags are shown. */
export function isHidden(value: unknown, secrecy: Secrecy | undefined): boolean {
  if (secrecy === undefined || value === undefined || value === null || typeof value === 'boolean') return false;
  return secrecy === 'everything' || (typeof value !== 'number' && typeof value !== 'bigint');
}

export const isSecretUnder = (name: string, value: unknown): boolean => isHidden(value, secrecyOf(name));

/** The same for the words before a colon in prose, of which the last is no secret's name alone: `API key`, and not `wrong key`. */
export const isSecretPhrase = (phrase: string): boolean => joinedEnding.test(wordsOf(phrase).join(''));

const { resolve } = require('node:path');

/**
 * An option of a command; without `read` it is a flag.
 * @typedef {object} Option
 * @property {string} description
 * @property {string} [value] What the help calls its value, for example `PORT`
 * @property {string} [expected] Completes the sentence "expected …"
 * @property {(text: string) => unknown} [read] Gives undefined for a text that is no such value
 * @property {boolean} [multiple] Whether it may be given several times
 */

/** @typedef {(text: string) => unknown} Read */

/** @type {(value: string, expected: string, read: Read) => (description: string) => Option} */
const option = (value, expected, read) => (description) => ({ description, value, expected, read });

/** @type {(read: Read) => Read} */
const listOf = (read) => (text) => {
  const values = text.split(',').map((one) => read(one.trim()));
  return values.includes(undefined) ? undefined : values;
};

/** @type {(pattern: RegExp) => Read} */
const matching = (pattern) => (text) => (pattern.test(text) ? text : undefined);

/** @type {(min: number, max: number, pattern?: RegExp) => (text: string) => number | undefined} */
const between =
  (min, max, pattern = /\d/) =>
  (text) =>
    pattern.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined;

const readPort = between(1, 65_535, /^\d+$/);
// As `parseDuration` of src/prometheus, which is not compiled when arguments are read.
const readWait = matching(/^(?:0|(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$/);

/** @type {(description: string) => Option} */
const flag = (description) => ({ description });
/** @type {(given: Option) => Option} */
const many = (given) => ({ ...given, multiple: true });
/** @type {(value: string, description: string) => Option} */
const text = (value, description) => option(value, 'a text that is not empty', matching(/\S/))(description);
/** @type {(min: number, max: number, description: string) => Option} */
const seconds = (min, max, description) =>
  option('SECONDS', `seconds from ${min} to ${max}`, between(min, max))(description);
/** @type {(min: number, max: number, description: string) => Option} */
const wholeNumber = (min, max, description) =>
  option('NUMBER', `a whole number from ${min} to ${max}`, between(min, max, /^\d+$/))(description);

module.exports = {
  flag,
  many,
  text,
  seconds,
  wholeNumber,
  /** Durations are as Prometheus writes them; they stay texts, which compiled code turns into seconds. */
  duration: option('DURATION', 'a duration such as 1h30m', (given) =>
    /[1-9]/.test(given) ? readWait(given) : undefined,
  ),
  durations: option('LIST', 'a list such as 1m,5m,10m', listOf(readWait)),
  hostAndPort: option('HOST:PORT', 'host:port such as 127.0.0.1:8000', (given) => {
    const [, port = ''] = /^(?:[\w.-]+|\[[0-9a-f:.]+\]):(\d+)$/i.exec(given) ?? [];
    return readPort(port) && given;
  }),
  names: option('LIST', 'a list such as env,cluster', listOf(matching(/\S/))),
  numbers: option('LIST', 'a list such as 1,2,5', listOf(between(-Number.MAX_VALUE, Number.MAX_VALUE))),
  /** From the folder in which npm was called. */
  path: option('PATH', 'a path', (given) => (given === '' ? undefined : resolve(process.env.INIT_CWD ?? '.', given))),
  port: option('PORT', 'a port from 1 to 65535', readPort),
  url: option('URL', 'a URL such as http://127.0.0.1:9090', (given) =>
    /^https?:\/\/[^\s/]/.test(given) ? given.replace(/\/+$/, '') : undefined,
  ),
};

const { resolve } = require('node:path');

/**
 * What the value of an option has to be.
 * @template Value
 * @typedef {object} Reader
 * @property {string} expected Completes the sentence "expected …"
 * @property {(text: string) => Value | undefined} read Gives undefined for a text that is none
 */

/**
 * @template Value
 * @param {string} expected
 * @param {(text: string) => Value | undefined} read
 * @returns {Reader<Value>}
 */
const reader = (expected, read) => ({ expected, read });

/**
 * @param {string} expected
 * @param {RegExp} pattern
 */
const matching = (expected, pattern) => reader(expected, (text) => (pattern.test(text) ? text : undefined));

/**
 * @param {number} min
 * @param {number} max
 * @param {string} [what]
 */
const number = (min, max, what = 'a number') =>
  reader(`${what} from ${min} to ${max}`, (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return value >= min && value <= max ? value : undefined;
  });

/**
 * @param {number} min
 * @param {number} max
 */
const wholeNumber = (min, max) => {
  const { expected, read } = number(min, max, 'a whole number');
  return reader(expected, (text) => (/^\d+$/.test(text) ? read(text) : undefined));
};

const anyNumber = reader('a number', (text) =>
  /\d/.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined,
);

const port = wholeNumber(1, 65_535);
const text = matching('a text that is not empty', /\S/);
const url = reader('a URL such as http://127.0.0.1:9090', (given) =>
  /^https?:\/\/[^\s/]/.test(given) ? given.replace(/\/+$/, '') : undefined,
);
const hostAndPort = reader('host:port such as 127.0.0.1:8000', (given) => {
  const [, digits = ''] = /^(?:[\w.-]+|\[[0-9a-f:.]+\]):(\d+)$/i.exec(given) ?? [];
  return port.read(digits) === undefined ? undefined : given;
});
/** As Prometheus writes them, longer than none; they stay texts, which compiled code turns into seconds. */
const duration = matching('a duration such as 1h30m', /^(?=.*[1-9])(?:\d+(?:ms|[smhdwy]))+$/);
const durationOrNone = matching('a duration such as 5m, or 0', /^(?:0|(?:\d+(?:ms|[smhdwy]))+)$/);
/** A path, from the folder in which npm was called. */
const path = reader('a path', (given) => (given === '' ? undefined : resolve(process.env.INIT_CWD ?? '.', given)));

/**
 * A list with commas.
 * @template Value
 * @param {Reader<Value>} of
 * @param {string} example
 * @returns {Reader<Value[]>}
 */
const list = ({ read }, example) =>
  reader(`a list such as ${example}`, (given) => {
    const values = given.split(',').map((one) => read(one.trim()));
    return values.every((value) => value !== undefined) ? values : undefined;
  });

module.exports = { anyNumber, duration, durationOrNone, hostAndPort, list, number, path, port, text, url, wholeNumber };

const { parseArgs } = require('node:util');
const { failure } = require('./failure.js');
const { nearest } = require('./nearest-name.js');

/** @typedef {import('./help.js').Command} Command */

/** @param {string} name @param {Iterable<string>} known @param {string} prefix */
const suggestion = (name, known, prefix) => {
  const near = nearest(name, known);
  return near === undefined ? '' : `: did you mean ${prefix}${near}?`;
};

/** @param {Command} command @param {string} message */
const usageError = ({ name }, message) =>
  failure('ERR_USAGE', `${message}${message.endsWith('?') ? '' : ';'} "${name} --help" lists what there is`);

/** @param {Command} command @param {string[]} args */
function parse(command, args) {
  const options = Object.entries(command.options ?? {}).map(([key, { reader, multiple = false }]) => [
    key,
    { type: reader ? 'string' : 'boolean', multiple },
  ]);
  try {
    return parseArgs({ args, options: Object.fromEntries(options), allowPositionals: true });
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    // Node's own messages go on with advice for several lines.
    const [what = ''] = message.split(/\.(?:\s|$)/);
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw usageError(command, what);
    const [, name = ''] = /'-*([^']*)'/.exec(what) ?? [];
    throw usageError(command, what + suggestion(name, Object.keys(command.options ?? {}), '--'));
  }
}

/** @param {Command} command @param {string[]} given */
function checkPositionals(command, given) {
  const { value = '', choices, multiple = false } = command.positional ?? {};
  const known = choices && Object.keys(choices);
  const extra = command.positional ? given.slice(multiple ? given.length : 1) : given;
  if (extra.length > 0) throw usageError(command, `Unexpected argument "${extra[0]}"`);
  const unknown = known && given.find((one) => !known.includes(one));
  if (unknown !== undefined)
    throw usageError(command, `Unknown ${value.toLowerCase()} "${unknown}"${suggestion(unknown, known ?? [], '')}`);
}

/** @param {string} name @param {import('./readers.js').Reader<unknown>} reader @param {string} text */
function read(name, { expected, read: readText }, text) {
  const value = readText(text);
  if (value === undefined) throw failure('ERR_USAGE', `--${name}: expected ${expected}, got "${text}"`);
  return value;
}

/** @param {string} name */
const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * The arguments of a command line, checked and under names in camelCase. What was not given is not there.
 * @param {Command} command
 * @param {string[]} args
 * @returns {Record<string, unknown>}
 */
function parseArguments(command, args) {
  const { values, positionals } = parse(command, args);
  checkPositionals(command, positionals);
  const given = Object.entries(values).map(([name, value]) => {
    const reader = command.options?.[name]?.reader;
    if (!reader) return [camelCase(name), value];
    const all = [value].flat().map((text) => read(name, reader, String(text)));
    return [camelCase(name), Array.isArray(value) ? all : all[0]];
  });
  const { key = '', multiple } = command.positional ?? {};
  if (multiple) given.push([key, positionals]);
  else if (positionals.length > 0) given.push([key, positionals[0]]);
  return Object.fromEntries(given);
}

module.exports = { parseArguments };

const { parseArgs } = require('node:util');
const { failure } = require('./failure.js');
const { nearest } = require('./nearest-name.js');

/** @typedef {import('./help.js').Command} Command */

/** @type {(command: Command, message: string, wrong?: string, known?: string[], prefix?: string) => Error} */
function usageError({ name }, message, wrong = '', known = [], prefix = '') {
  const near = nearest(wrong, known);
  const hint = near === undefined ? ';' : `: did you mean ${prefix}${near}?`;
  return failure('ERR_USAGE', `${message}${hint} "${name} --help" lists what there is`);
}

/** @type {(command: Command, args: string[]) => ReturnType<typeof parseArgs>} */
function parse(command, args) {
  const names = Object.keys(command.options ?? {});
  const options = Object.entries(command.options ?? {}).map(([name, { read, multiple = false }]) => [
    name,
    { type: read ? 'string' : 'boolean', multiple },
  ]);
  try {
    return parseArgs({ args, options: Object.fromEntries(options), allowPositionals: true });
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    // Node's own messages go on with advice for several lines.
    const [what = ''] = message.split(/\.(?:\s|$)/);
    const [, wrong] = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? (/'-*([^']*)'/.exec(what) ?? []) : [];
    throw usageError(command, what, wrong, names, '--');
  }
}

/** @type {(command: Command, given: string[]) => void} */
function checkPositionals(command, given) {
  const { value = '', choices, multiple } = command.positional ?? {};
  const unexpected = multiple ? undefined : given[command.positional ? 1 : 0];
  if (unexpected !== undefined) throw usageError(command, `Unexpected argument "${unexpected}"`);
  const known = Object.keys(choices ?? {});
  const unknown = choices && given.find((one) => !known.includes(one));
  if (unknown) throw usageError(command, `Unknown ${value.toLowerCase()} "${unknown}"`, unknown, known);
}

/** @type {(name: string, option: import('./options.js').Option | undefined, given: unknown) => unknown} */
function readValue(name, option, given) {
  const { read, expected, multiple } = option ?? {};
  if (!read) return given;
  const values = [given].flat().map((text) => {
    const value = read(String(text));
    if (value === undefined) throw failure('ERR_USAGE', `--${name}: expected ${expected}, got "${text}"`);
    return value;
  });
  return multiple ? values : values[0];
}

/** @param {string} name */
const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * The arguments of a command line, checked and under names in camelCase. What was not given is not there.
 * @type {(command: Command, args: string[]) => Record<string, unknown>}
 */
function parseArguments(command, args) {
  const { values, positionals } = parse(command, args);
  checkPositionals(command, positionals);
  const { key = '', multiple } = command.positional ?? {};
  return {
    ...Object.fromEntries(
      Object.entries(values).map(([name, given]) => [camelCase(name), readValue(name, command.options?.[name], given)]),
    ),
    ...((multiple || positionals.length > 0) && { [key]: multiple ? positionals : positionals[0] }),
  };
}

module.exports = { parseArguments };

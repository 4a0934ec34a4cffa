const { alignColumns } = require('./table.js');

/**
 * What is given without the name of an option.
 * @typedef {object} Positional
 * @property {string} key Its name among the parsed arguments
 * @property {string} value What the help calls it, for example `FILE`
 * @property {string} [description]
 * @property {Readonly<Record<string, string>>} [choices] The values that it may have, each with what it means
 * @property {boolean} [multiple]
 */

/**
 * A command of the project, declared once: its help, the checks of its arguments and its end come from here.
 * @typedef {object} Command
 * @property {string} name As it is typed, up to its options: `npm run stack --`
 * @property {string} summary What it does, in a line
 * @property {Readonly<Record<string, import('./options.js').Option>>} [options] By their names in kebab-case
 * @property {Positional} [positional]
 * @property {string} example
 * @property {string} [notes] What else there is to know
 * @property {(given: any) => Promise<number | void>} run Is given the arguments in camelCase; gives the exit status
 */

/** @type {(title: string, rows: string[][]) => string[]} */
const section = (title, rows) => (rows.length === 0 ? [] : [`${title}:`, alignColumns(rows).replace(/^/gm, '  '), '']);

/** The text of `--help`. @type {(command: Command) => string} */
function helpOf({ name, summary, options = {}, positional, example, notes }) {
  const { value = '', description, choices = {}, multiple } = positional ?? {};
  const flags = Object.entries(options).map(([key, option]) => [
    `--${key} ${option.value ?? ''}`.trim(),
    option.description,
  ]);
  return [
    `${summary}\n`,
    `Usage: ${name}${value && ` [${value}${multiple ? ' …' : ''}]`} [options]\n`,
    ...section(value, description ? [[description]] : Object.entries(choices)),
    ...section('Options', [...flags, ['-h, --help', 'Shows this']]),
    ...(notes ? [`${notes}\n`] : []),
    `Example: ${example}`,
  ].join('\n');
}

module.exports = { helpOf };

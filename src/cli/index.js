/**
 * Commands: one way to declare, to parse, to explain and to end them. It is JavaScript with types in comments, and needs
 * nothing but Node, since it runs before the packages are installed and the project is compiled.
 *
 * In: the declaration of a command, the arguments of the process.
 * Out: a run with checked arguments, a help text, or one line that says what is wrong.
 * Must not know: any command.
 *
 * @module
 */
const { codes, failure } = require('./failure.js');
const { nearest } = require('./nearest-name.js');
const options = require('./options.js');
const { assertNode, runCommand } = require('./run-command.js');
const { exitOnSignal, keepAlive, onEndSignal } = require('./signals.js');
const { alignColumns, textTable } = require('./table.js');

module.exports = {
  alignColumns,
  assertNode,
  codes,
  exitOnSignal,
  failure,
  keepAlive,
  nearest,
  onEndSignal,
  options,
  runCommand,
  textTable,
};

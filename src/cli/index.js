/**
 * Commands: a declaration and the arguments of a process go in, a run, a help text or a line that says what is wrong come
 * out. It knows no command. JavaScript with the types in comments, and nothing but Node: it also runs before the packages are
 * installed and the project is compiled.
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

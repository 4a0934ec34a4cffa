const { helpOf } = require('./help.js');
const { explain, failure } = require('./failure.js');
const { parseArguments } = require('./parse-arguments.js');

/** The oldest version of Node that the project runs on. */
const MINIMUM = /** @type {const} */ ([20, 19]);

/** @param {string} [version] @throws {Error} `ERR_NODE_VERSION` */
function assertNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  const remedy = `install Node ${MINIMUM.join('.')} or newer from https://nodejs.org`;
  throw failure('ERR_NODE_VERSION', `Node ${version} is too old: ${remedy}`);
}

/**
 * Runs a command with the arguments of this process: 0 where it succeeds, 1 where it fails, 2 where what it was given is
 * wrong. An expected failure is one line on standard error.
 * @param {import('./help.js').Command} command
 */
async function runCommand(command) {
  const args = process.argv.slice(2);
  try {
    assertNode();
    if (args.includes('--help') || args.includes('-h')) return console.log(helpOf(command));
    process.exitCode = (await command.run(parseArguments(command, args))) ?? 0;
  } catch (error) {
    const explained = explain(/** @type {Error} */ (error));
    if (!explained) throw error;
    console.error(explained.line);
    process.exitCode = explained.status;
  }
}

module.exports = { assertNode, runCommand };

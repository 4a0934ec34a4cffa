const moduleCodes = require('../m2_3_monitoring/errors/codes.json');
const toolCodes = require('./codes.json');

/** Every code of an expected failure, with its cause and what to do. */
const codes = { ...moduleCodes, ...toolCodes };

/**
 * An expected failure of a command, which ends it with this line. Compiled code throws a `CodedError` instead.
 * @param {string} code One of `codes.json`
 * @param {string} message
 */
const failure = (code, message) => Object.assign(new Error(message), { code });

/** These codes say that what the command was given is wrong. @type {readonly string[]} */
const GIVEN = ['ERR_USAGE', 'ERR_INPUT'];

/** @type {Readonly<Record<string, string>>} */
const DISK = {
  EACCES: 'cannot be written: clone the project into a folder of your own, or change its owner',
  EROFS: 'is on a read-only disk: clone the project into a folder that can be written',
  ENOSPC: 'is on a full disk: free some space, then run this command again',
};

/**
 * What an error is to the user of a command: a line and an exit status. Undefined where it is a mistake in the program.
 * @param {NodeJS.ErrnoException} error
 */
function explain({ code = '', name, message, path = 'the project folder' }) {
  // Besides its own code, a MetricsServerError may have one of the system.
  if (Object.hasOwn(codes, code) || name === 'MetricsServerError')
    return { line: message, status: GIVEN.includes(code) ? 2 : 1 };
  return DISK[code] && { line: `${path} ${DISK[code]}`, status: 1 };
}

module.exports = { codes, explain, failure };

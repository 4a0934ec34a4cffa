import toolCodes from '../cli/codes.json';
import moduleCodes from '../m2_3_monitoring/errors/codes.json';
import warnings from '../m2_3_monitoring/errors/warnings.json';
import { code, generatedFrom, markdownTable } from './markdown.js';

const table = (codes: Record<string, { cause: string; remedy: string }>) =>
  markdownTable(
    ['code', 'cause', 'remedy'],
    Object.entries(codes).map(([name, { cause, remedy }]) => [code(name), cause, remedy]),
  );

/** The text of `docs/errors.md`. */
export const renderErrorsDocument = (): string => `# Errors

${generatedFrom('src/m2_3_monitoring/errors/ and src/cli/codes.json')}

An expected error has a message of one line, which names the cause and the next step, and a \`code\`.

## Of the module

\`ConfigError\` and \`MetricsServerError\` are exported by \`m2_3_monitoring\`; a bad option is a \`TypeError\`. They are thrown when monitoring is set up: recording never throws.

${table(moduleCodes)}

Warnings of the process have a code too:

${table(warnings)}

## Of the commands

A command prints the message on standard error. It exits with 2 where the code is \`ERR_USAGE\` or \`ERR_INPUT\`, and with 1 where it is another.

${table(toolCodes)}
`;

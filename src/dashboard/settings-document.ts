import type { AnySetting, Settings } from '../../config/setting.js';
import { sections, settings } from '../../config.js';
import { code, generatedFrom, markdownTable } from './markdown.js';

const defaultOf = ({ default: value }: AnySetting): string => (value === '' ? 'not set' : code(String(value)));
const valuesOf = ({ expected, unit }: AnySetting): string => (unit ? `${expected} (${unit})` : expected);

const table = (described: Settings) =>
  markdownTable(
    ['setting', 'meaning', 'default', 'values'],
    Object.entries(described).map(([name, setting]) => [
      code(name),
      setting.description,
      defaultOf(setting),
      valuesOf(setting),
    ]),
  );

const sharedNames = Object.entries<AnySetting>(settings)
  .filter(([, { isShared }]) => isShared)
  .map(([name]) => code(name))
  .join(', ');

/** The text of `docs/settings.md`. */
export const renderSettingsDocument = (): string => `# Settings

${generatedFrom('config.ts')}

A setting is read from the environment, or else from the file \`.env\` of the working directory or, where it has none, of the project's root: the nearest folder with a \`package.json\`. An empty value counts as not set. [.env.example](../.env.example) has all settings with their defaults, to be copied to \`.env\`.

A \`.env\` that cannot be read is ignored with one warning, and so is one that another user owns (root excepted) or can write. A group may write it only where it is the owner's own: where its number is that of the owner.

A bad value stops the program with one line that names the setting, what was expected and what was given:

\`\`\`text
\`METRICS_PORT\`: expected a port number from 1 to 65535, or 0 for any free one, got "abc"
\`\`\`

${sharedNames} are names that other programs use too. Where a value means nothing here, the setting keeps its default, and the program warns once.

The thresholds \`ALERT_…\` reach the alerting rules and the dashboard with \`npm run generate\`. The unit tests of the rules are written for the defaults.

In code, \`config\` has the settings of the process and \`createMonitoring({ config })\` takes others: see [module.md](module.md#settings). The module knows its own settings only.

${sections.map(({ title, settings }) => `## ${title}\n\n${table(settings)}\n`).join('\n')}`;

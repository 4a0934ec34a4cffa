import { settings } from '../../config.js';
import { code, generatedFrom, markdownTable } from './markdown.js';

type Settings = typeof settings;
type Setting = Settings[keyof Settings];

const defaultOf = ({ default: value }: Setting): string => (value === '' ? 'not set' : code(String(value)));
const valuesOf = (setting: Setting): string =>
  'unit' in setting ? `${setting.expected} (${setting.unit})` : setting.expected;

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

/** The text of `docs/settings.md`. */
export const renderSettingsDocument = (): string => `# Settings

${generatedFrom('config.ts')}

A setting is read from the environment, or else from the nearest \`.env\` file in the working directory or a folder above it. An empty value counts as not set. [.env.example](../.env.example) has all settings with their defaults, to be copied to \`.env\`.

A bad value stops the program with one line that names the setting, what was expected and what was given:

\`\`\`text
\`METRICS_PORT\`: expected a port number from 1 to 65535, or 0 for any free one, got "abc"
\`\`\`

${table(settings)}

The thresholds \`ALERT_…\` reach the alerting rules and the dashboard with \`npm run generate\`. The unit tests of the rules are written for the defaults.

In code, \`config\` has the settings of the process and \`createMonitoring({ config })\` takes others: see [module.md](module.md#settings).
`;

import type { Setting } from '../../config/setting.js';
import { sections } from '../../config.js';
import { code, generatedFrom, markdownTable } from './markdown.js';

type AnySetting = Setting<string> | Setting<number> | Setting<boolean>;

const defaultOf = ({ default: value }: AnySetting): string => (value === '' ? 'not set' : code(String(value)));
const valuesOf = (setting: AnySetting): string =>
  setting.unit ? `${setting.expected} (${setting.unit})` : setting.expected;

const table = (described: Readonly<Record<string, AnySetting>>) =>
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

A setting is read from the environment, or else from the file \`.env\` in the working directory or in the project's root, which is the nearest folder with a package.json. A \`.env\` that another user owns or may write is ignored with a warning. An empty value counts as not set. [.env.example](../.env.example) has all settings with their defaults, to be copied to \`.env\`.

A bad value stops the program with one line that names the setting, what was expected and what was given:

\`\`\`text
\`METRICS_PORT\`: expected a port number from 1 to 65535, or 0 for any free one, got "abc"
\`\`\`

${sections.map(({ title, settings }) => `## ${title}\n\n${table(settings)}`).join('\n\n')}

The thresholds \`ALERT_…\` reach the alerting rules and the dashboard with \`npm run generate\`. The unit tests of the rules are written for the defaults.

In code, \`config\` has the settings of the process and \`createMonitoring({ config })\` takes others: see [module.md](module.md#settings).
`;

import { alertSettings } from './config/alert-settings.js';
import { environment } from './config/environment.js';
import { lessonSettings } from './config/lesson-settings.js';
import { moduleSettings } from './config/module-settings.js';
import { parseSettings } from './config/parse-settings.js';

/** Every setting once, by who needs it. A variable in the environment, or in `.env`, has the same name. */
export const sections = [
  { title: 'The module m2_3_monitoring', settings: moduleSettings },
  { title: 'The alerts and the dashboard', settings: alertSettings },
  { title: 'The lesson, the demo and the stack', settings: lessonSettings },
] as const;

export const settings = { ...moduleSettings, ...alertSettings, ...lessonSettings };

/**
 * Parses and checks all settings. An empty variable counts as not set.
 * @throws {ConfigError} one line for each bad value, naming variable, expectation and value
 */
export const parseConfig = (variables: NodeJS.Dict<string>) => parseSettings(settings, variables);

/** All settings of this process. */
export const config = parseConfig(environment);

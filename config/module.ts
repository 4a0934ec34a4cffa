import { environment } from './environment.js';
import { moduleSettings } from './module-settings.js';
import { overrideSettings, parseSettings } from './parse-settings.js';
import type { Parsed } from './setting.js';

// What `src/m2_3_monitoring` takes from here, and all of it: the npm package holds neither alerts nor lesson.

export { moduleSettings as settings } from './module-settings.js';
export { ConfigError } from './parse-settings.js';

/** The module's settings as values, read-only. */
export type Config = Parsed<typeof moduleSettings>;

/**
 * Parses and checks the module's settings. An empty variable counts as not set.
 * @throws {ConfigError} one line for each bad value, naming variable, expectation and value
 */
export const parseConfig = (variables: NodeJS.Dict<string>): Config => parseSettings(moduleSettings, variables);

/** Settings with some replaced. @throws {ConfigError} on a setting that does not exist, or cannot have the value */
export const overrideConfig = (base: Config, overrides: Partial<Config>): Config =>
  overrideSettings(moduleSettings, base, overrides);

/** The module's settings of this process. */
export const config: Config = parseConfig(environment);

import { CodedError } from '../src/m2_3_monitoring/errors/index.js';
import type { AnySetting, Parsed, Settings } from './setting.js';

/** A setting has a value that it cannot have. The message names the variable, what was expected and what came. */
export class ConfigError extends CodedError {
  override readonly name = 'ConfigError';
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_CONFIG', options);
  }
}

type Value = string | number | boolean;

function complaint(name: string, { expected, isSecret }: AnySetting, given: unknown): string {
  const came = isSecret ? `${String(given).length} characters` : JSON.stringify(given);
  return `\`${name}\`: expected ${expected}, got ${came}`;
}

const warned = new Set<string>();

/** Once in a process, however often the settings are parsed. */
function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  process.emitWarning(message, { code: 'SETTING_VALUE_UNKNOWN' });
}

/** The default of a shared setting, with a warning; else undefined. */
function defaultOfShared(name: string, setting: AnySetting, given: unknown): Value | undefined {
  if (!setting.isShared) return undefined;
  warnOnce(`${complaint(name, setting, given)}: ${JSON.stringify(setting.default)} is used`);
  return setting.default;
}

/**
 * Parses the variables of an environment. An empty one counts as not set.
 * @throws {ConfigError} one line for each bad value, naming variable, expectation and value
 */
export function parseSettings<Known extends Settings>(settings: Known, environment: NodeJS.Dict<string>) {
  const complaints: string[] = [];
  const values = Object.entries(settings).map(([name, setting]): [string, Value] => {
    const given = environment[name];
    if (given === undefined || given === '') return [name, setting.default];
    const value = setting.parse(String(given)) ?? defaultOfShared(name, setting, given);
    if (value === undefined) complaints.push(complaint(name, setting, given));
    return [name, value ?? setting.default];
  });
  if (complaints.length > 0) throw new ConfigError(complaints.join('\n'));
  return Object.freeze(Object.fromEntries(values)) as Parsed<Known>;
}

/** Values with some replaced. @throws {ConfigError} on a setting that does not exist, or cannot have the value */
export function overrideSettings<Known extends Settings>(
  settings: Known,
  base: Parsed<Known>,
  overrides: Partial<Parsed<Known>>,
): Parsed<Known> {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const values = given.map(([name, value]) => {
    const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (!setting) throw new ConfigError(`\`${name}\`: no such setting`);
    const parsed = setting.parse(String(value));
    if (parsed === undefined) throw new ConfigError(complaint(name, setting, value));
    return [name, parsed];
  });
  return { ...base, ...Object.fromEntries(values) };
}

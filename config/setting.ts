/** A setting: what it is for, its default, and how the text of a variable becomes its value. */
export interface Setting<Value extends string | number | boolean> {
  readonly default: Value;
  readonly description: string;
  /** Unit of a number. */
  readonly unit?: string;
  /** What a value has to be, as an error says it. */
  readonly expected: string;
  /** Other programs read a variable of this name too: a value that is unknown here is not a mistake. */
  readonly isShared?: boolean;
  /** The value must not appear in messages. */
  readonly isSecret?: boolean;
  /** Undefined where the text is no value of this setting. */
  parse(text: string): Value | undefined;
}

export type AnySetting = Setting<string> | Setting<number> | Setting<boolean>;

/** Settings by the names of their variables. */
export type Settings = Readonly<Record<string, AnySetting>>;

/** The values of settings, read-only. */
export type Parsed<Known extends Settings> = {
  readonly [Name in keyof Known]: Known[Name] extends Setting<infer Value> ? Value : never;
};

export const number = (
  default_: number,
  { min = 0, max = Infinity },
  unit: string,
  description: string,
): Setting<number> => ({
  default: default_,
  unit,
  description,
  expected: max === Infinity ? `a number of at least ${min}` : `a number from ${min} to ${max}`,
  parse: (given) => {
    const value = given.trim() === '' ? Number.NaN : Number(given);
    return Number.isFinite(value) && value >= min && value <= max ? value : undefined;
  },
});

export const port = (default_: number, description: string): Setting<number> => ({
  default: default_,
  description,
  expected: 'a port number from 1 to 65535, or 0 for any free one',
  parse: (given) => (/^\d{1,5}$/.test(given) && Number(given) <= 65535 ? Number(given) : undefined),
});

export const text = (default_: string, description: string): Setting<string> => ({
  default: default_,
  description,
  expected: 'a text that is not empty',
  parse: (given) => (given.trim() === '' ? undefined : given),
});

/** A text that may be absent: the empty default means "not set". */
export const optional = (description: string): Setting<string> => ({
  default: '',
  description,
  expected: 'a text, or nothing',
  parse: (given) => given,
});

/** A secret key that may be absent. A short one can be found by trying all. */
export const key = (minLength: number, description: string): Setting<string> => ({
  default: '',
  description,
  expected: `at least ${minLength} characters, or nothing`,
  isSecret: true,
  parse: (given) => (given === '' || given.trim().length >= minLength ? given : undefined),
});

/** A secret that may be absent, and can be sent in a header. */
export const token = (description: string): Setting<string> => ({
  default: '',
  description,
  expected: 'ASCII characters without a space or a line break at either end, or nothing',
  isSecret: true,
  parse: (given) => (given === '' || /^[!-~](?:[ -~]*[!-~])?$/.test(given) ? given : undefined),
});

export const flag = (default_: boolean, description: string): Setting<boolean> => ({
  default: default_,
  description,
  expected: 'true or false',
  parse: (given) => ({ true: true, '1': true, false: false, '0': false })[given.toLowerCase()],
});

export const choice = (default_: string, choices: readonly string[], description: string): Setting<string> => ({
  default: default_,
  description,
  expected: `one of ${choices.join(', ')}`,
  parse: (given) => choices.find((one) => one === given.toLowerCase()),
});

/** The same setting under a name that other programs use too. */
export const shared = <Value extends string | number | boolean>(setting: Setting<Value>): Setting<Value> => ({
  ...setting,
  isShared: true,
});

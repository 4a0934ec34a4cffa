import { readFileSync } from 'node:fs';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import type { Recording } from '../analysis/query.js';
import { expressionsOfDashboard } from '../input/dashboard-file.js';
import { firstLine } from '../input/first-line.js';
import type { LocatedExpression } from '../input/located.js';
import { expressionsOfRules } from '../input/rule-file.js';
import { parse } from '../syntax/parse.js';
import { applyFixes, DEFAULTS, type Finding, type LintOptions, lint } from './lint.js';

/** A mistake in a file. */
export interface FileFinding extends Finding {
  file: string;
  where: string;
  expr: string;
  /** The expression with every correction that can be derived. */
  fixed?: string;
  /** From 1; undefined for a dashboard, whose JSON is not read by lines. */
  fileLine?: number;
}

const REASONS: Record<string, string> = {
  ENOENT: 'is not there: name a dashboard or a rule file that is',
  EISDIR: 'is a folder: name the files in it',
  EACCES: 'cannot be read: change its permissions',
};

export function readInput(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new CodedError(
      `${path} ${REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? `cannot be read: ${firstLine(error)}`}`,
      'ERR_INPUT',
    );
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CodedError(`${path} is no JSON: ${firstLine(error)}`, 'ERR_INPUT');
  }
}

/** Every expression of a dashboard or a rule file. @throws {CodedError} `ERR_INPUT` where it is neither */
export function readExpressions(path: string): LocatedExpression[] {
  const text = readInput(path);
  const found = /^\s*[{[]/.test(text) ? expressionsOfDashboard(parseJson(path, text)) : expressionsOfRules(text, path);
  if (found) return found;
  throw new CodedError(
    `${path} is neither a dashboard of Grafana (classic JSON with panels) nor a rule file of Prometheus (YAML with groups)`,
    'ERR_INPUT',
  );
}

/** The recording rules among expressions, by name. */
function recordingsOf(expressions: readonly LocatedExpression[]): Map<string, Recording> {
  return new Map(
    expressions.flatMap(({ record, expr }): [string, Recording][] => {
      const { root } = parse(expr);
      return record && root ? [[record.name, { root, addsLabels: record.addsLabels }]] : [];
    }),
  );
}

/** The mistakes of an expression, each with where it stands. */
export function lintLocated(file: string, located: LocatedExpression, options: LintOptions): FileFinding[] {
  const { where, expr, isAlert, lineInFile } = located;
  const findings = lint(expr, { ...options, isAlert });
  const fixed = findings.length > 0 ? applyFixes(expr, { ...options, isAlert }) : undefined;
  return findings.map((finding) => ({
    ...finding,
    file,
    where,
    expr,
    ...(fixed !== undefined && fixed !== expr && { fixed }),
    ...(lineInFile && { fileLine: lineInFile(finding.from) }),
  }));
}

/**
 * The mistakes of dashboards and rule files. Each may ask for what any of them records.
 * @throws {CodedError} `ERR_INPUT` where a file cannot be read, or is neither
 */
export function lintFiles(
  paths: readonly string[],
  options: LintOptions = {},
): { findings: FileFinding[]; expressions: number } {
  const files = paths.map((path) => ({ path, expressions: readExpressions(path) }));
  const all = files.flatMap(({ expressions }) => expressions);
  const recordings = new Map([...(options.recordings ?? DEFAULTS.recordings), ...recordingsOf(all)]);
  const findings = files.flatMap(({ path, expressions }) =>
    expressions.flatMap((one) => lintLocated(path, one, { ...options, recordings })),
  );
  return { findings, expressions: all.length };
}

/** The mistakes of one dashboard or rule file. @throws {CodedError} `ERR_INPUT` */
export const lintFile = (path: string, options: LintOptions = {}): FileFinding[] => lintFiles([path], options).findings;

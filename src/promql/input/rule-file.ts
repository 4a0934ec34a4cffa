import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import { type FileRule, parseRules } from '../../prometheus/rule-file.js';
import { firstLine } from './first-line.js';
import type { LocatedExpression } from './located.js';

const locate = ({ isAlert, name, expr, labels, lineInFile }: FileRule): LocatedExpression => ({
  where: `${isAlert ? 'alert' : 'record'} ${name}`,
  expr,
  isAlert,
  ...(!isAlert && { record: { name, addsLabels: Object.keys(labels).length > 0 } }),
  lineInFile,
});

/** The expressions of a rule file of Prometheus, in its order; undefined where it is none. */
export function expressionsOfRules(text: string, path: string): LocatedExpression[] | undefined {
  try {
    return parseRules(text)?.map(locate);
  } catch (error) {
    throw new CodedError(`${path} is no YAML: ${firstLine(error)}`, 'ERR_INPUT');
  }
}

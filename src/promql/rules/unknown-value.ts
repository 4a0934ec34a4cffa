import { catalogue, STATUSES } from '../../m2_3_monitoring/metrics/catalogue.js';
import type { Rule } from '../analysis/query.js';
import type { Matcher } from '../syntax/ast.js';
import { matchesText, selectorsIn } from '../syntax/nodes.js';

/** Values that the label `status` of a matcher never has. */
function impossibleValues({ operator, value, isVariable }: Matcher): string[] {
  const statuses: readonly string[] = STATUSES;
  if (isVariable || operator.startsWith('!')) return [];
  const alternatives = operator === '=' ? [value] : /^\w+(?:\|\w+)*$/.test(value) ? value.split('|') : [];
  const missing = alternatives.filter((one) => !statuses.includes(one));
  return operator === '=~' && alternatives.length === 0 && !statuses.some((one) => matchesText(value, one))
    ? [value]
    : missing;
}

export const unknownValue: Rule = {
  id: 'unknown-value',
  severity: 'error',
  *check(query) {
    for (const { metric, matchers } of selectorsIn(query.root)) {
      if (metric !== catalogue.requestsTotal.name) continue;
      for (const matcher of matchers.filter(({ label }) => label === 'status')) {
        const [value] = impossibleValues(matcher);
        if (value === undefined) continue;
        yield {
          at: matcher,
          wrong: `status is never "${value}"`,
          gives: 'no data for it',
          fix: `its values are ${STATUSES.join(', ')}`,
        };
      }
    }
  },
};

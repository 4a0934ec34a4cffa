import { type Aggregation, type Call, isSelector, type Node } from './ast.js';
import { constantOf } from './constants.js';
import { isScalar } from './nodes.js';

// What functions take: a vector, a window (range), a number (scalar), a text; `?` may be left out, `*` may be repeated.
type Type = 'v' | 'r' | 's' | 't';
const NAMES: Record<Type, string> = {
  v: 'series without a window',
  r: 'a window, such as [5m], behind the selector',
  s: 'a number',
  t: 'a text in quotes',
};

const SIGNATURES: [names: RegExp, signature: string][] = [
  [/^quantile_over_time$/, 'sr'],
  [/_over_time$|^(?:rate|irate|increase|delta|idelta|deriv|resets|changes)$/, 'r'],
  [/^predict_linear$/, 'rs'],
  [/^double_exponential_smoothing$/, 'rss'],
  [/^clamp$/, 'vss'],
  [/^clamp_(?:min|max)$/, 'vs'],
  [/^round$/, 'vs?'],
  [/^histogram_quantile$/, 'sv'],
  [/^histogram_fraction$/, 'ssv'],
  [/^label_replace$/, 'vtttt'],
  [/^label_join$/, 'vttt*'],
  [/^sort_by_label/, 'vt*'],
  [/^vector$/, 's'],
  [/^(?:time|pi)$/, ''],
  [/^(?:minute|hour|month|year|day_of_\w+|days_in_month)$/, 'v?'],
  [
    /^(?:abs|absent|ceil|exp|floor|ln|log2|log10|scalar|sgn|sqrt|timestamp|sort|sort_desc|histogram_(?:avg|count|sum|stddev|stdvar))$/,
    'v',
  ],
  [/^a?(?:sin|cos|tan)h?$|^(?:deg|rad)$/, 'v'],
];

const AGGREGATIONS: [names: RegExp, signature: string][] = [
  [/^(?:topk|bottomk|quantile|limitk|limit_ratio)$/, 'sv'],
  [/^count_values$/, 'tv'],
  [/./, 'v'],
];

function typeOf(node: Node): Type {
  if (node.kind === 'text') return 't';
  if (node.kind === 'range' || node.kind === 'subquery') return 'r';
  return isScalar(node) || constantOf(node) !== undefined ? 's' : 'v';
}

function parameters(signature: string) {
  return [...signature.matchAll(/(\w)([?*]?)/g)].map(([, type, mark]) => ({ type: type as Type, mark }));
}

/** What is wrong with the arguments of a function or an aggregation; undefined where nothing is, or where that is not known. */
export function misuseOfArguments(node: Call | Aggregation): string | undefined {
  const known = node.kind === 'call' ? SIGNATURES : AGGREGATIONS;
  const signature = known.find(([names]) => names.test(node.name))?.[1];
  if (signature === undefined) return undefined;
  const wanted = parameters(signature);
  const least = wanted.filter(({ mark }) => mark === '').length;
  const isMore = node.args.length > wanted.length && wanted.at(-1)?.mark !== '*';
  if (node.args.length < least || isMore) return `${node.name}() takes ${describe(wanted)}`;
  const isWrong = (arg: Node, index: number) => typeOf(arg) !== (wanted[index] ?? wanted.at(-1))?.type;
  // Grafana may put a number where a series seems to be.
  const wrong = node.args.findIndex((arg, index) => !(isSelector(arg) && arg.isVariable) && isWrong(arg, index));
  const type = (wanted[wrong] ?? wanted.at(-1))?.type;
  return wrong < 0 || !type
    ? undefined
    : `${node.name}() takes ${NAMES[type]}${wanted.length > 1 ? ` as argument ${wrong + 1}` : ''}`;
}

const describe = (wanted: ReturnType<typeof parameters>) =>
  wanted.length === 0
    ? 'nothing'
    : wanted.map(({ type, mark }) => NAMES[type] + (mark === '' ? '' : ' (or not)')).join(', ');
